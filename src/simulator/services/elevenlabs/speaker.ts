import type { Random } from "../../../domain/random.ts";
import type { ServiceDeps } from "../service-deps.ts";
import { samplesPerMs } from "../../mulaw.ts";
import { speechChunks, type SpeechChunk } from "./speech-chunks.ts";

/** Audio is made about six times as fast as it is spoken. */
const timesRealTime = 6;

/**
 * When each piece of a context's speech leaves the vendor: the first when the voice has begun, the others as they are
 * made, one generation after the other.
 */
export function speaker({ clock, latencies, onUse }: ServiceDeps, random: Random): {
  /** Answers the pieces of a text with their delays from now. */
  speak(text: string): { chunk: SpeechChunk; delayMs: number }[];
  /** Milliseconds from now until everything asked for so far is made. */
  busyForMs(): number;
} {
  const nowMs = clock.nowMs;
  let freeAtMs = 0;
  return {
    speak(text) {
      const firstSoundMs = latencies.firstSound(random);
      onUse("elevenlabs", "began", { first_sound_ms: firstSoundMs });
      const startMs = Math.max(nowMs() + firstSoundMs, freeAtMs);
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
