import type { ConversationResult } from "../../src/domain/conversation.ts";
import type { AccountId, AttemptId, CampaignId, ContactId } from "../../src/domain/ids.ts";
import type { ConversationPlan } from "../../src/talk/conversation-plan.ts";
import type { CannedName, HearingEvent, PhoneLine } from "../../src/talk/ports.ts";
import { startConversation } from "../../src/talk/start-conversation.ts";
import { manualClock } from "../support/clock.ts";
import { silentLog } from "../support/log.ts";
import { planOf, type RehearsalOptions } from "./rehearsal.ts";
import { scriptedLine } from "./scripted-line.ts";
import { scriptedBrain, scriptedTranscriber, scriptedVoice, wordMs } from "./scripted-vendors.ts";

const canned: Record<CannedName, string> = { one_moment: "FILLER", sorry_trouble: "APOLOGY", call_back_goodbye: "CANNEDBYE" };

interface SpokenCallOptions extends RehearsalOptions {
  says?: (calleeTurns: number) => { text: string; calls?: readonly string[] };
  /** Stands between the conversation and writing an opt-out. */
  optOut?: () => Promise<void>;
}

/**
 * One call through everything between the vendors and the line: runner, player, hearing and reducer, on the test's clock.
 * The vendors are scripted; the callee's ear hears what the line has played.
 */
export async function spokenCall(options: SpokenCallOptions = {}) {
  const clock = manualClock("2026-12-01T10:00");
  const line = scriptedLine(clock);
  const vocabulary = new Map<string, number>();
  const byteOf = (word: string): number => {
    const known = vocabulary.get(word) ?? vocabulary.size + 1;
    vocabulary.set(word, known);
    return known;
  };
  const transcriber = scriptedTranscriber(clock, "ear");
  const brain = scriptedBrain(clock, "brain", options.says ?? (() => ({ text: "All right then." })));
  const voice = scriptedVoice(clock, "voice", byteOf);
  const attemptId = "00000000-0000-7000-8000-000000000001" as AttemptId;
  const accountId = "00000000-0000-7000-8000-00000000000a" as AccountId;
  const plan: ConversationPlan = planOf(options);
  const writes: string[] = [];
  let result: ConversationResult | undefined;
  let losesMarks = false;
  const lossy: PhoneLine = { ...line, listen: (listener) => line.listen({ ...listener, onMark: (name) => void (losesMarks || listener.onMark(name)) }) };
  const conversation = startConversation(
    {
      clock,
      log: silentLog,
      transcribers: [transcriber],
      brains: [brain],
      voices: [voice],
      canned: { sound: (name) => ({ audio: new Uint8Array(wordMs * 8).fill(byteOf(canned[name])), text: canned[name] }), prepare: () => undefined },
      store: {
        load: () => Promise.resolve({ attemptId, accountId, campaignId: "c" as CampaignId, contactId: "k" as ContactId, plan, earlier: undefined, answeredBy: "unknown", owner: "test" }),
        begin: () => Promise.resolve(),
        checkpoint: () => Promise.resolve(true),
        alive: () => Promise.resolve("unknown"),
        finish: () => Promise.resolve(true),
      },
      actions: {
        optOut: options.optOut ?? (() => Promise.resolve(void writes.push("opt out"))),
        hangUp: () => Promise.resolve(void clock.setTimer(60, () => line.listener?.onClosed("stopped"))),
        onEnded: () => Promise.resolve(),
      },
    },
    { attemptId, accountId, line: lossy },
  );
  void conversation.ended.then((ended) => void (result = ended));
  await clock.advanceAsync(60);

  const heard = (): readonly string[] => wordsIn(line.played(), vocabulary);
  return {
    clock,
    line,
    brain,
    voice,
    writes,
    hear: (event: HearingEvent): void => transcriber.hear(event),
    /** What the callee has heard, word by word; half a word counts. */
    heard,
    result: () => result,
    /** The carrier sends no marks back until this is undone. */
    loseMarks: (loses: boolean) => void (losesMarks = loses),
    pass: (ms: number) => clock.advanceAsync(ms),
    /** Passes time until this word has begun to be played. */
    async untilHeard(word: string, withinMs = 20_000) {
      for (let waited = 0; waited < withinMs; waited += 20) {
        if (heard().includes(word)) return;
        await clock.advanceAsync(20);
      }
      throw new Error(`expected "${word}" within ${withinMs} ms, heard: ${heard().join(" ")}`);
    },
  };
}

/** The runs of one byte are the words that were played. */
function wordsIn(audio: Uint8Array, vocabulary: ReadonlyMap<string, number>): readonly string[] {
  const words = new Map([...vocabulary].map(([word, byte]) => [byte, word]));
  const heard: string[] = [];
  let last: number | undefined;
  for (const byte of audio) {
    if (byte !== last && words.has(byte)) heard.push(words.get(byte) ?? "");
    last = byte;
  }
  return heard;
}
