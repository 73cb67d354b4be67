import { demodulator } from "../../modem.ts";
import { samplesPerMs } from "../../mulaw.ts";
import { bareWord, type HeardWord, languagesOf, seconds } from "./heard-words.ts";
import type { FluxSettings } from "./listen-query.ts";

/** A `TurnInfo` of `/v2/listen` before request and sequence ids are put in. */
export type TurnInfo = { type: "TurnInfo"; event: TurnEvent; transcript: string } & Record<string, unknown>;
export type TurnEvent = "StartOfTurn" | "Update" | "EagerEndOfTurn" | "TurnResumed" | "EndOfTurn";

const stepSamples = 20 * samplesPerMs;
const updateEverySamples = 250 * samplesPerMs;
/** A confidence that the turn is over grows with silence: a threshold of 0.7 is reached after 700 ms of it. */
const silenceMsPerConfidence = 1_000;
const manualThreshold = 1;

/**
 * Flux's turns over the audio timeline, whatever the portions the audio comes in:
 *
 * ```
 * quiet ─ first word → talking ─ silence reaches the eager threshold → waiting ─ silence reaches the threshold → quiet
 *                         ↑                                               │
 *                         └──────────── TurnResumed: another word ────────┘
 * ```
 *
 * A state change is told at once; otherwise an `Update` goes out for every quarter second of audio. With a threshold of
 * 1.0 only `ForceEndTurn` and the timeout end a turn. Noise without words neither starts a turn nor resumes one, but it
 * is no silence either.
 */
export function fluxTurns(initial: FluxSettings): {
  push(audio: Uint8Array): TurnInfo[];
  configure(settings: FluxSettings): void;
  /** Ends the running turn by hand; undefined when none is running. */
  forceEndTurn(): TurnInfo | undefined;
  /** The turn so far as an `Update`: the last thing a closing stream tells. */
  update(): TurnInfo;
  readonly samplesHeard: number;
} {
  let settings = initial;
  let phase: "quiet" | "talking" | "waiting" = "quiet";
  let turnIndex = 0;
  let words: HeardWord[] = [];
  let wordsTold = 0;
  let windowStart = 0;
  let updatedAt = 0;
  let out: TurnInfo[] = [];
  const ear = demodulator((text, endSample, startSample) => words.push({ text, startSample, endSample }));

  const confidence = (): number => {
    const silentMs = (ear.samplesHeard - ear.lastSoundEnd) / samplesPerMs;
    return words.length === 0 ? 0 : Math.min(0.99, Math.max(0.01, silentMs / silenceMsPerConfidence));
  };
  const info = (event: TurnEvent, trigger?: string): TurnInfo => {
    updatedAt = ear.samplesHeard;
    wordsTold = words.length;
    return {
      type: "TurnInfo",
      event,
      turn_index: turnIndex,
      audio_window_start: seconds(windowStart),
      audio_window_end: seconds(ear.samplesHeard),
      transcript: words.map((word) => word.text).join(" "),
      words: words.map((word) => ({ word: word.text, confidence: 0.98, start: seconds(word.startSample), end: seconds(word.endSample) })),
      end_of_turn_confidence: Math.round(confidence() * 10_000) / 10_000,
      ...(trigger === undefined ? {} : { trigger }),
      ...(settings.model === "flux-general-multi" ? { languages: languagesOf(words.map((word) => bareWord(word.text))) } : {}),
      ...(settings.languageHints.length > 0 ? { languages_hinted: settings.languageHints } : {}),
    };
  };
  const endTurn = (trigger: string): void => {
    out.push(info("EndOfTurn", trigger));
    phase = "quiet";
    turnIndex += 1;
    words = [];
    wordsTold = 0;
    windowStart = ear.samplesHeard;
  };

  const step = (): void => {
    if (phase === "quiet" && words.length > 0) {
      phase = "talking";
      out.push(info("StartOfTurn"));
    } else if (phase === "waiting" && words.length > wordsTold) {
      phase = "talking";
      out.push(info("TurnResumed"));
    }
    if (phase !== "quiet") {
      const silentMs = (ear.samplesHeard - ear.lastSoundEnd) / samplesPerMs;
      const { eotThreshold, eagerEotThreshold, eotTimeoutMs } = settings;
      if (phase === "talking" && eagerEotThreshold !== undefined && silentMs >= eagerEotThreshold * silenceMsPerConfidence) {
        phase = "waiting";
        out.push(info("EagerEndOfTurn"));
      }
      if (eotThreshold < manualThreshold && silentMs >= eotThreshold * silenceMsPerConfidence) endTurn("model");
      else if (silentMs >= eotTimeoutMs) endTurn("timeout");
    }
    if (ear.samplesHeard - updatedAt >= updateEverySamples) out.push(info("Update"));
  };

  return {
    push(audio) {
      out = [];
      for (let at = 0; at < audio.length; at += stepSamples) {
        ear.push(audio.subarray(at, at + stepSamples));
        step();
      }
      return out;
    },
    configure(next) {
      settings = next;
    },
    forceEndTurn() {
      if (phase === "quiet") return undefined;
      out = [];
      endTurn("manual");
      return out[0];
    },
    update: () => info("Update"),
    get samplesHeard() {
      return ear.samplesHeard;
    },
  };
}
