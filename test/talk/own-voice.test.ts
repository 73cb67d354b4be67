import { describe, expect, test } from "vitest";
import { realtimeMouth } from "../../src/adapters/openai/realtime-mouth.ts";
import type { AccountId, AttemptId, CampaignId, ContactId } from "../../src/domain/ids.ts";
import { wordsOf } from "../../src/talk/clauses.ts";
import { bytesPerMs, type BrainRequest, type SpeechModel } from "../../src/talk/ports.ts";
import { startConversation } from "../../src/talk/start-conversation.ts";
import { manualClock } from "../support/clock.ts";
import { silentLog } from "../support/log.ts";
import { planOf } from "./rehearsal.ts";
import { scriptedLine } from "./scripted-line.ts";
import { scriptedBrain, scriptedTranscriber, scriptedVoice } from "./scripted-vendors.ts";

const attemptId = "00000000-0000-7000-8000-000000000001" as AttemptId;
const accountId = "00000000-0000-7000-8000-00000000000a" as AccountId;
const answer = "Your instalment of seven thousand rupees is due on Monday, and you can pay it with the link that we send you today, or at any branch of ours near your home.";
/** How long the model takes to say a character, and how much faster than that its sound is made. */
const charMs = 75;
const timesRealTime = 1.1;
const msOf = (word: string): number => word.length * charMs;

/** A call on a model that speaks with its own voice: sound without word times, its transcript far ahead of it. */
async function rig() {
  const clock = manualClock("2026-12-01T10:00");
  const line = scriptedLine(clock);
  const ear = scriptedTranscriber(clock, "model");
  const requests: BrainRequest[] = [];
  const truncated: number[] = [];
  const speechModel: SpeechModel = {
    name: "model",
    open({ voice }) {
      const mouth = realtimeMouth({ name: "model", otherVoice: voice, truncate: (_, audioEndMs) => void truncated.push(audioEndMs) });
      return {
        transcriber: ear,
        voice: mouth.voice,
        brain: {
          name: "model",
          async *reply(request) {
            await Promise.resolve();
            requests.push(request);
            if (requests.length > 1) {
              yield { kind: "done", inputTokens: 1, outputTokens: 1 };
              return;
            }
            mouth.onItem(request.replyId, "item1");
            yield { kind: "text", delta: answer };
            let atMs = 0;
            for (const word of wordsOf(answer)) {
              atMs += msOf(word) / timesRealTime;
              clock.setTimer(atMs, () => mouth.onSound(request.replyId, new Uint8Array(msOf(word) * bytesPerMs).fill(7)));
            }
            clock.setTimer(atMs, () => mouth.onDone(request.replyId));
            yield { kind: "done", inputTokens: 1, outputTokens: 1 };
          },
        },
        close: () => undefined,
      };
    },
  };
  const call = { attemptId, accountId, campaignId: "c" as CampaignId, contactId: "k" as ContactId, plan: planOf({ definition: { pipeline: "realtime" } }), earlier: undefined, answeredBy: "unknown", owner: "rig" } as const;
  startConversation(
    {
      clock,
      log: silentLog,
      store: { load: () => Promise.resolve(call), begin: () => Promise.resolve(), checkpoint: () => Promise.resolve(true), alive: () => Promise.resolve("unknown"), finish: () => Promise.resolve(true) },
      transcribers: [scriptedTranscriber(clock, "other")],
      brains: [scriptedBrain(clock, "other", () => ({ text: "" }))],
      voices: [scriptedVoice(clock, "other", () => 1)],
      speechModel,
      canned: { sound: () => ({ audio: new Uint8Array(160), text: "" }), prepare: () => undefined },
      actions: { optOut: () => Promise.resolve(), hangUp: () => Promise.resolve(), onEnded: () => Promise.resolve() },
    },
    { attemptId, accountId, line },
  );
  const say = (text: string): void => {
    ear.hear({ kind: "started" });
    ear.hear({ kind: "words", text });
    ear.hear({ kind: "ended", text, languages: [], silentForMs: 200 });
  };
  await clock.advanceAsync(1_500);
  say("tell me what this is about");
  const before = line.played().length;
  const heardMs = (): number => line.played().subarray(before).filter((byte) => byte === 7).length / bytesPerMs;
  return { clock, line, ear, requests, truncated, say, heardMs };
}

/** How many whole words of the answer lie within so many ms. */
function wordsIn(ms: number): number {
  let endMs = 0;
  return wordsOf(answer).filter((word) => (endMs += msOf(word)) <= ms).length;
}
const saidByAgent = (request: BrainRequest | undefined): string => request?.messages.findLast((message) => message.role === "assistant" && message.replyId !== undefined)?.text ?? "";

describe("an answer in the model's own voice that is interrupted", () => {
  test.each([1_500, 4_000, 8_000])("after %i ms was said as far as it was heard, for the transcript, the model and the vendor", async (afterMs) => {
    const { clock, requests, truncated, say, heardMs } = await rig();
    await clock.advanceAsync(afterMs);
    const heard = heardMs();
    say("how much is that");
    await clock.advanceAsync(100);
    const said = saidByAgent(requests[1]).replace(/ — \(cut off.*/, "");
    expect(answer.startsWith(said)).toBe(true);
    const words = said === "" ? 0 : wordsOf(said).length;
    expect(words).toBeLessThanOrEqual(wordsIn(heard));
    expect(words).toBeGreaterThanOrEqual(wordsIn(heard) - 3);
    expect(truncated).toHaveLength(1);
    expect(truncated[0]).toBeLessThanOrEqual(heard);
    expect(truncated[0]).toBeGreaterThan(heard - 250);
  });

  test("by a cough only, goes on where it stopped, nothing twice and nothing lost", async () => {
    const { clock, ear, line, requests, heardMs } = await rig();
    await clock.advanceAsync(3_000);
    ear.hear({ kind: "started" });
    const stoppedAtMs = heardMs();
    ear.hear({ kind: "ended", text: "", languages: [], silentForMs: null });
    await clock.advanceAsync(20_000);
    const wholeMs = wordsOf(answer).reduce((sum, word) => sum + msOf(word), 0);
    expect(requests).toHaveLength(1);
    // At most the piece that was in the callee's ear is heard again.
    expect(heardMs()).toBeGreaterThanOrEqual(wholeMs);
    expect(heardMs()).toBeLessThanOrEqual(wholeMs + 200);
    expect(stoppedAtMs).toBeGreaterThan(2_000);
    expect(line.cleared).toBe(1);
  });
});
