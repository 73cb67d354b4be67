import { frameBytes, frameMs } from "../../talk/ports.ts";

/** What the detector notices, told during `push`. */
export interface SpeechDetectorListener {
  /** Somebody speaks, or speaks on after a pause. */
  onSound(): void;
  /** Speech has stopped for a moment: a good place to cut. */
  onPause(): void;
  /** Speech goes on without a pause for longer than a stretch may be. */
  onLongStretch(): void;
  /** Speech has stopped for so long that the turn is over. */
  onSilence(): void;
}

export interface SpeechDetector {
  /** Takes the next μ-law audio, in portions of any size. */
  push(audio: Uint8Array): void;
  /** Words were heard in what sounds like silence: somebody speaks too low for us. */
  hint(): void;
  /** The sound has no words in it: until it pauses it is no speech. */
  ignoreUntilStill(): void;
  readonly isSpeaking: boolean;
  /** How long ago the last sound was, by the audio; null when words alone told of speech. */
  silentForMs(): number | null;
}

/** Sound for so long, give or take a dip, is speech; a click is not. */
const framesOfSound = 3;
/** So much sound keeps speech going. */
const framesToGoOn = 2;
/** A pause inside speech, as between two sentences. */
const pauseMs = 250;
/** Silence after which the turn is over: above the pauses of somebody who thinks, below impatience. */
const silenceMs = 600;
/** Words tell of speech only afterwards: after a hint the pause is so much longer. */
const hintMs = 600;

/** Mean loudness below which nothing is speech, of 32,768. */
const faintest = 300;
/** Speech stands out from the noise of the line and the street by so much. */
const aboveNoise = 3;
/** The noise is the faintest frame of the last two seconds: even quick speech has a dip in them. */
const framesPerWindow = 16;
const windows = 6;

/** Loudness of each μ-law byte (ITU-T G.711). */
const loudness = Uint16Array.from({ length: 256 }, (_, byte) => {
  const bits = ~byte & 0xff;
  return ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 0x07)) - 0x84;
});

/**
 * Finds speech by its loudness, for models that leave the cutting to their client. It counts time in samples, so that
 * audio handed over in a burst after an outage is cut where the callee paused.
 *
 *     quiet ─ sound → speaking ─ 250 ms still → paused ─ 600 ms still → quiet
 *                        ↑                        │
 *                        └──────── sound ─────────┘
 */
export function speechDetector(listener: SpeechDetectorListener, options: { longestStretchMs: number }): SpeechDetector {
  let state: "quiet" | "speaking" | "paused" | "ignoring" = "quiet";
  let isHinted = false;
  let sum = 0;
  let bytes = 0;
  let soundScore = 0;
  let stillMs = 0;
  let stretchMs = 0;
  let sinceSoundMs: number | null = null;
  const noise = noiseMeter();

  const begin = (): void => {
    const goesOn = state === "speaking";
    isHinted = false;
    state = "speaking";
    if (goesOn) return;
    stretchMs = 0;
    listener.onSound();
  };
  const step = (level: number): void => {
    const isLoud = level > Math.max(faintest, aboveNoise * noise(level));
    soundScore = isLoud ? Math.min(framesOfSound, soundScore + 1) : Math.max(0, soundScore - 1);
    const isSound = isLoud && soundScore >= framesToGoOn;
    stillMs = isSound ? 0 : stillMs + frameMs;
    sinceSoundMs = isSound ? 0 : sinceSoundMs === null ? null : sinceSoundMs + frameMs;
    stretchMs += frameMs;
    if (state === "ignoring") {
      if (stillMs >= pauseMs) state = "quiet";
    } else if (soundScore === framesOfSound && (state !== "speaking" || isHinted)) begin();
    else if (state === "speaking" && stillMs >= pauseMs) {
      state = "paused";
      listener.onPause();
    } else if (state === "speaking" && stretchMs >= options.longestStretchMs) {
      stretchMs = 0;
      listener.onLongStretch();
    } else if (state === "paused" && stillMs >= silenceMs) {
      state = "quiet";
      listener.onSilence();
    }
  };

  return {
    push(audio) {
      for (const byte of audio) {
        sum += loudness[byte] ?? 0;
        bytes += 1;
        if (bytes < frameBytes) continue;
        step(sum / frameBytes);
        sum = 0;
        bytes = 0;
      }
    },
    hint() {
      if (state === "speaking" && !isHinted) return;
      if (state !== "speaking") stretchMs = 0;
      state = "speaking";
      isHinted = true;
      stillMs = -hintMs;
      sinceSoundMs = null;
    },
    ignoreUntilStill() {
      state = "ignoring";
      isHinted = false;
    },
    get isSpeaking() {
      return state === "speaking";
    },
    silentForMs: () => sinceSoundMs,
  };
}

/** The loudness of what is always there, given frame by frame; a line is taken to be quiet until it has shown otherwise. */
function noiseMeter(): (level: number) => number {
  const minima = new Float64Array(windows);
  let ofWindow = Number.POSITIVE_INFINITY;
  let frames = 0;
  return (level) => {
    ofWindow = Math.min(ofWindow, level);
    let noise = ofWindow;
    for (const minimum of minima) noise = Math.min(noise, minimum);
    frames += 1;
    if (frames % framesPerWindow === 0) {
      minima[(frames / framesPerWindow) % windows] = ofWindow;
      ofWindow = Number.POSITIVE_INFINITY;
    }
    return noise;
  };
}
