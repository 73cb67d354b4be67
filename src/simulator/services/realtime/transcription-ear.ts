import { demodulator } from "../../modem.ts";
import { samplesPerMs } from "../../mulaw.ts";

/** What the input buffer of a transcription session tells. */
export type TranscriptionEarEvent =
  | { kind: "word"; text: string }
  | { kind: "started"; audioStartMs: number }
  | { kind: "stopped"; audioEndMs: number }
  | { kind: "committed"; transcript: string };

export interface TranscriptionEar {
  append(audio: Uint8Array): TranscriptionEarEvent[];
  /** Commits by hand; a number instead is the milliseconds of audio that were too few. */
  commit(): TranscriptionEarEvent | number;
  clear(): void;
  readonly heardMs: number;
}

const stepSamples = 20 * samplesPerMs;
/** Shorter sounds are no speech. */
const shortestSpeechMs = 60;
const prefixPaddingMs = 300;
/** The API commits nothing shorter. */
const leastCommitMs = 100;

/**
 * The input audio buffer. Words are heard as they end. With voice detection (`silenceMs`) speech begins and stops by
 * itself and is committed then; as the API's reference says, its beginning includes the padding before and its end the
 * silence that told of it.
 */
export function transcriptionEar(silenceMs: () => number | undefined): TranscriptionEar {
  let words: string[] = [];
  let out: TranscriptionEarEvent[] = [];
  let isSpeaking = false;
  let soundStart: number | undefined;
  let bufferStart = 0;
  const ear = demodulator(
    (text) => {
      words.push(text);
      out.push({ kind: "word", text });
    },
    { onSoundStart: (at) => (soundStart ??= at) },
  );

  const take = (): TranscriptionEarEvent => {
    const event: TranscriptionEarEvent = { kind: "committed", transcript: words.join(" ") };
    words = [];
    bufferStart = ear.samplesHeard;
    return event;
  };
  const step = (): void => {
    const waitMs = silenceMs();
    if (waitMs === undefined || soundStart === undefined) return;
    const now = ear.samplesHeard;
    const silentMs = (now - ear.lastSoundEnd) / samplesPerMs;
    if (!isSpeaking && (now - soundStart) / samplesPerMs >= shortestSpeechMs && silentMs < shortestSpeechMs) {
      isSpeaking = true;
      out.push({ kind: "started", audioStartMs: Math.max(0, Math.round(soundStart / samplesPerMs) - prefixPaddingMs) });
    }
    if (silentMs < waitMs) return;
    if (isSpeaking) out.push({ kind: "stopped", audioEndMs: Math.round(now / samplesPerMs) }, take());
    isSpeaking = false;
    soundStart = undefined;
  };

  return {
    append(audio) {
      out = [];
      for (let at = 0; at < audio.length; at += stepSamples) {
        ear.push(audio.subarray(at, at + stepSamples));
        step();
      }
      return out;
    },
    commit() {
      const bufferedMs = (ear.samplesHeard - bufferStart) / samplesPerMs;
      return bufferedMs < leastCommitMs ? bufferedMs : take();
    },
    clear() {
      words = [];
      isSpeaking = false;
      soundStart = undefined;
      bufferStart = ear.samplesHeard;
    },
    get heardMs() {
      return ear.samplesHeard / samplesPerMs;
    },
  };
}
