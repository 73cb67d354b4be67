import { type Random, wholeBelow } from "../../../domain/random.ts";
import { samplesPerMs } from "../../mulaw.ts";
import { speechChunks, type SpeechChunk } from "./speech-chunks.ts";

/** Audio is made about six times as fast as it is spoken. */
const timesRealTime = 6;

/**
 * When each piece of a context's speech leaves the vendor: the first 75 to 149 ms after the text was taken, the others
 * as they are made, one generation after the other.
 */
export function speaker(random: Random, nowMs: () => number): {
  /** Answers the pieces of a text with their delays from now. */
  speak(text: string): { chunk: SpeechChunk; delayMs: number }[];
  /** Milliseconds from now until everything asked for so far is made. */
  busyForMs(): number;
} {
  let freeAtMs = 0;
  return {
    speak(text) {
      const startMs = Math.max(nowMs() + 75 + wholeBelow(random, 75), freeAtMs);
      let madeAtMs = startMs;
      return speechChunks(text, random).map((chunk, index) => {
        if (index > 0) madeAtMs += chunk.audio.length / samplesPerMs / timesRealTime;
        freeAtMs = madeAtMs;
        return { chunk, delayMs: madeAtMs - nowMs() };
      });
    },
    busyForMs: () => Math.max(0, freeAtMs - nowMs()),
  };
}
