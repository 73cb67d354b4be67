import { demodulator } from "../../modem.ts";
import { samplesPerMs } from "../../mulaw.ts";

/** What the input buffer tells. */
export type EarEvent =
  | { kind: "started"; audioStartMs: number }
  | { kind: "stopped"; audioEndMs: number }
  /** The turn is over by silence, or committed by hand. */
  | { kind: "committed"; transcript: string; audioMs: number };

const stepSamples = 20 * samplesPerMs;
/** Shorter sounds are no speech. */
const shortestSpeechMs = 60;

/**
 * The input audio buffer with voice detection: quiet until sound has lasted a moment, speaking until it has been silent
 * for `silenceMs`; then the speech is committed, its end told with the silence that showed it, as the API's reference
 * says. Without detection it only collects until `commit`.
 */
export function realtimeEar(silenceMs: () => number | undefined): {
  append(audio: Uint8Array): EarEvent[];
  /** Commits what has been collected; undefined when it is empty. */
  commit(): EarEvent | undefined;
  clear(): void;
} {
  let words: string[] = [];
  let speaking = false;
  let soundStart: number | undefined;
  let committedUpTo = 0;
  const ear = demodulator((word) => words.push(word), { onSoundStart: (at) => (soundStart ??= at) });

  const take = (): EarEvent => {
    const event: EarEvent = { kind: "committed", transcript: words.join(" "), audioMs: (ear.samplesHeard - committedUpTo) / samplesPerMs };
    words = [];
    committedUpTo = ear.samplesHeard;
    return event;
  };

  const step = (): EarEvent[] => {
    const waitMs = silenceMs();
    if (waitMs === undefined || soundStart === undefined) return [];
    const now = ear.samplesHeard;
    const silentMs = (now - ear.lastSoundEnd) / samplesPerMs;
    if (!speaking && (now - soundStart) / samplesPerMs >= shortestSpeechMs && silentMs < shortestSpeechMs) {
      speaking = true;
      return [{ kind: "started", audioStartMs: Math.round(soundStart / samplesPerMs) }];
    }
    if (silentMs < waitMs) return [];
    const spoke = speaking;
    speaking = false;
    soundStart = undefined;
    return spoke ? [{ kind: "stopped", audioEndMs: Math.round(now / samplesPerMs) }, take()] : [];
  };

  return {
    append(audio) {
      const events: EarEvent[] = [];
      for (let at = 0; at < audio.length; at += stepSamples) {
        ear.push(audio.subarray(at, at + stepSamples));
        events.push(...step());
      }
      return events;
    },
    commit: () => (ear.samplesHeard === committedUpTo ? undefined : take()),
    clear() {
      words = [];
      speaking = false;
      soundStart = undefined;
      committedUpTo = ear.samplesHeard;
    },
  };
}
