import { describe, expect, test } from "vitest";
import type { ConversationResult } from "../../src/domain/conversation.ts";
import type { AccountId, AttemptId, CampaignId, ContactId } from "../../src/domain/ids.ts";
import { startConversation } from "../../src/talk/start-conversation.ts";
import type { CannedName } from "../../src/talk/ports.ts";
import { manualClock } from "../support/clock.ts";
import { silentLog } from "../support/log.ts";
import { planOf } from "./rehearsal.ts";
import { scriptedLine } from "./scripted-line.ts";
import { type Fault, faults, scriptedBrain, scriptedTranscriber, scriptedVoice, wordMs } from "./scripted-vendors.ts";

const kinds = ["transcriber", "brain", "voice"] as const;
const moments = ["at start", "mid-sentence", "at barge-in"] as const;
type Cell = { kind: (typeof kinds)[number]; fault: Fault; moment: (typeof moments)[number] };

const script = [
  { text: "Your parcel is ready for you today. Will you come for it?" },
  { text: "It lies at the counter near the gate. Is that clear?" },
  { text: "We close at seven in the evening. Anything else?" },
  { text: "Then thank you very much, goodbye.", calls: ["record_disposition", "end_call"] },
] as const;
const calleeSays = ["yes who is speaking there please", "wait a second tell me where it is", "until when are you open today", "no that was all thank you"] as const;
const canned: Record<CannedName, string> = { one_moment: "FILLER", sorry_trouble: "APOLOGY", call_back_goodbye: "CANNEDBYE" };

interface Outcome {
  result: ConversationResult | undefined;
  /** The longest the callee waited in silence when it was our turn. */
  deadAirMs: number;
  /** Every word the callee heard, in order. */
  heard: readonly string[];
  closed: boolean;
  timers: number;
}

/** One call of four questions; the fault strikes the first vendor of its kind and stays. */
async function run(cell: Cell | null, options: { spares: boolean }): Promise<Outcome> {
  const clock = manualClock("2026-12-01T10:00");
  const line = scriptedLine(clock);
  const vocabulary = new Map<string, number>();
  const byteOf = (word: string): number => {
    const known = vocabulary.get(word) ?? vocabulary.size + 1;
    vocabulary.set(word, known);
    return known;
  };
  const reply = (turns: number) => script[Math.min(turns, script.length) - 1] ?? script[0];
  const names = options.spares ? ["first", "second"] : ["first"];
  const transcribers = names.map((name) => scriptedTranscriber(clock, name));
  const brains = names.map((name) => scriptedBrain(clock, name, reply));
  const voices = names.map((name) => scriptedVoice(clock, name, byteOf));
  const strike = (): void => {
    if (!cell) return;
    const vendor = { transcriber: transcribers[0], brain: brains[0], voice: voices[0] }[cell.kind];
    vendor?.fail(cell.fault);
  };
  if (cell?.moment === "at start") strike();

  const attemptId = "00000000-0000-7000-8000-000000000001" as AttemptId;
  const accountId = "00000000-0000-7000-8000-00000000000a" as AccountId;
  const plan = planOf({ providers: { brains: brains.length, voices: voices.length }, definition: { limits: { max_call_seconds: 120 } } });
  const conversation = startConversation(
    {
      clock,
      log: silentLog,
      transcribers,
      brains,
      voices,
      canned: { prepare: () => undefined, sound: (name) => ({ audio: new Uint8Array(wordMs * 8).fill(byteOf(canned[name])), text: canned[name] }) },
      store: {
        load: () => Promise.resolve({ attemptId, accountId, campaignId: "c" as CampaignId, contactId: "k" as ContactId, plan, earlier: undefined, answeredBy: "unknown", owner: "test" }),
        begin: () => Promise.resolve(),
        checkpoint: () => Promise.resolve(true),
        alive: () => Promise.resolve("unknown"),
        finish: () => Promise.resolve(true),
      },
      actions: {
        optOut: () => Promise.resolve(),
        hangUp: () => Promise.resolve(void clock.setTimer(60, () => line.listener?.onClosed("stopped"))),
        onEnded: () => Promise.resolve(),
      },
    },
    { attemptId, accountId, line },
  );
  let result: ConversationResult | undefined;
  void conversation.ended.then((ended) => void (result = ended));

  // The callee: waits until the agent has been silent for a second, then says its next line; cuts into the second answer.
  const silence = new Uint8Array(160).fill(0xff);
  const speech = Uint8Array.from({ length: 160 }, (_, at) => (at % 2 === 0 ? 0x20 : 0xa0));
  let nextLine = 0;
  let quietSinceMs = clock.nowMs();
  let ourTurnSinceMs: number | null = clock.nowMs();
  let deadAirMs = 0;
  let playedBytes = 0;
  let utteranceBytes = 0;
  const say = async (text: string): Promise<void> => {
    const words = text.split(" ");
    for (const transcriber of transcribers) transcriber.hear({ kind: "started" });
    for (let nth = 1; nth <= words.length; nth += 1) {
      for (let at = 0; at < 240; at += 20) {
        line.listener?.onFrame(speech);
        await clock.advanceAsync(20);
      }
      for (const transcriber of transcribers) transcriber.hear({ kind: "words", text: words.slice(0, nth).join(" ") });
    }
    await clock.advanceAsync(300);
    for (const transcriber of transcribers) transcriber.hear({ kind: "ended", text, languages: [], silentForMs: 300 });
  };
  while (result === undefined && clock.nowMs() - quietSinceMs < 60_000) {
    line.listener?.onFrame(silence);
    line.listener?.onFrame(silence);
    await clock.advanceAsync(40);
    const played = line.played();
    const grew = played.length > playedBytes;
    if (grew) {
      if (ourTurnSinceMs !== null) deadAirMs = Math.max(deadAirMs, clock.nowMs() - ourTurnSinceMs - wordMs);
      ourTurnSinceMs = null;
      utteranceBytes += played.length - playedBytes;
      playedBytes = played.length;
      quietSinceMs = clock.nowMs();
    }
    const bargesIn = cell?.moment === "at barge-in" && nextLine === 1 && utteranceBytes >= 3 * wordMs * 8;
    const midSentence = cell?.moment === "mid-sentence" && nextLine === 1 && utteranceBytes >= 3 * wordMs * 8;
    if (midSentence) strike();
    const line_ = calleeSays[Math.min(nextLine, calleeSays.length - 1)];
    if (line_ === undefined || nextLine > 8 || (!bargesIn && (ourTurnSinceMs !== null || clock.nowMs() - quietSinceMs < 1_000))) continue;
    // Asked whether it is there, the callee says its last line again.
    if (lastWords(line.played(), vocabulary).endsWith("there?") && nextLine > 0) nextLine -= 1;
    const lineNow = calleeSays[nextLine] ?? line_;
    nextLine += 1;
    utteranceBytes = 0;
    if (bargesIn) strike();
    await say(lineNow);
    ourTurnSinceMs = clock.nowMs();
    quietSinceMs = clock.nowMs();
  }
  // Long enough for the scripted vendors' own timers.
  await clock.advanceAsync(30_000);
  return { result, deadAirMs, heard: wordsIn(line.played(), vocabulary), closed: line.closed, timers: clock.pending };
}

/** The words that were played: each is one byte's value, long enough. */
function wordsIn(played: Uint8Array, vocabulary: ReadonlyMap<string, number>): string[] {
  const wordOf = new Map([...vocabulary].map(([word, byte]) => [byte, word]));
  const heard: string[] = [];
  for (let at = 0; at + wordMs * 8 <= played.length; at += wordMs * 8) heard.push(wordOf.get(played[at] ?? 0) ?? "?");
  return heard;
}
const lastWords = (played: Uint8Array, vocabulary: ReadonlyMap<string, number>): string => wordsIn(played, vocabulary).slice(-3).join(" ");

const cells: readonly Cell[] = kinds.flatMap((kind) => faults.flatMap((fault) => moments.map((moment) => ({ kind, fault, moment }))));
const nameOf = (cell: Cell): string => `${cell.kind} ${cell.fault} ${cell.moment}`;

describe("R4.1 and R4.3: faults of vendors in a call", () => {
  test("without a fault the call is what it should be", async () => {
    const call = await run(null, { spares: true });
    expect(call.result).toMatchObject({ endReason: "agent_goodbye", disposition: "wrong_number" });
    expect(call.deadAirMs).toBeLessThan(700);
    expect(call.heard.join(" ")).toBe(`hello Asha ${script.map((turn) => turn.text).join(" ")}`);
  });

  test("with a second vendor behind each: every call goes on, nobody waits longer than ten seconds, hardly anybody than four", async () => {
    const waits: number[] = [];
    for (const cell of cells) {
      const call = await run(cell, { spares: true });
      expect(call.result, nameOf(cell)).toBeDefined();
      expect(call.deadAirMs, nameOf(cell)).toBeLessThanOrEqual(10_000);
      expect(call.timers, nameOf(cell)).toBe(0);
      waits.push(call.deadAirMs);
      expect(call.result?.endReason, nameOf(cell)).toBe("agent_goodbye");
      expect(call.result?.disposition, nameOf(cell)).toBe("wrong_number");
    }
    waits.sort((one, other) => one - other);
    expect(waits[Math.floor(waits.length * 0.99)]).toBeLessThanOrEqual(4_000);
  }, 60_000);

  test("with nobody behind: the call still ends, with a word and a reason", async () => {
    for (const cell of cells.filter((one) => one.moment === "at start")) {
      const call = await run(cell, { spares: false });
      expect(call.result, nameOf(cell)).toBeDefined();
      expect(call.deadAirMs, nameOf(cell)).toBeLessThanOrEqual(10_000);
      expect(call.closed, nameOf(cell)).toBe(true);
      expect(call.heard.length, nameOf(cell)).toBeGreaterThan(0);
    }
  }, 60_000);

  test("a voice that breaks in mid-sentence: no word is lost and none said twice", async () => {
    for (const fault of faults.filter((one) => one !== "slow")) {
      const call = await run({ kind: "voice", fault, moment: "mid-sentence" }, { spares: true });
      const heard = call.heard.filter((word) => !Object.values(canned).includes(word)).join(" ");
      expect(heard, fault).toBe(`hello Asha ${script.map((turn) => turn.text).join(" ")}`);
    }
  }, 60_000);
});
