import { demodulator } from "../../modem.ts";
import { samplesPerMs } from "../../mulaw.ts";
import { bareWord, type HeardWord, languagesOf, seconds } from "./heard-words.ts";
import type { FluxSettings } from "./listen-query.ts";
import type { EndOfTurnSilence } from "../vendor-latencies.ts";

/** A `TurnInfo` of `/v2/listen` before request and sequence ids are put in. */
export type TurnInfo = { type: "TurnInfo"; event: TurnEvent; transcript: string } & Record<string, unknown>;
export type TurnEvent = "StartOfTurn" | "Update" | "EagerEndOfTurn" | "TurnResumed" | "EndOfTurn";

const stepSamples = 20 * samplesPerMs;
const updateEverySamples = 250 * samplesPerMs;
/** The confidences that a drawn silence stands for. */
const drawn = { eager: 0.3, end: 0.7 } as const;
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
 * A confidence that the turn is over grows with silence, after each word in its own way: slowly until the drawn eager
 * silence, then steadily through the drawn end.
 *
 * A state change is told at once; otherwise an `Update` goes out for every quarter second of audio. With a threshold of
 * 1.0 only `ForceEndTurn` and the timeout end a turn. Noise without words neither starts a turn nor resumes one, but it
 * is no silence either.
 */
export function fluxTurns(
  initial: FluxSettings,
  drawSilence: () => EndOfTurnSilence,
): {
  push(audio: Uint8Array): TurnInfo[];
  configure(settings: FluxSettings): void;
  /** Ends the running turn by hand; undefined when none is running. */
  forceEndTurn(): TurnInfo | undefined;
  /** The turn so far as an `Update`: the last thing a closing stream tells. */
  update(): TurnInfo;
  /** How long it has been silent. */
  silentMs(): number;
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

  let silence = drawSilence();
  let drawnAtWord = 0;

  const silentMs = (): number => (ear.samplesHeard - ear.lastSoundEnd) / samplesPerMs;
  const silenceFor = (confidence: number): number => {
    const { eagerMs, endMs } = silence;
    if (confidence <= drawn.eager) return (eagerMs * confidence) / drawn.eager;
    return eagerMs + ((endMs - eagerMs) * (confidence - drawn.eager)) / (drawn.end - drawn.eager);
  };
  const confidence = (): number => {
    const { eagerMs, endMs } = silence;
    const now = silentMs();
    const reached = now <= eagerMs ? (drawn.eager * now) / eagerMs : drawn.eager + ((drawn.end - drawn.eager) * (now - eagerMs)) / (endMs - eagerMs);
    return words.length === 0 ? 0 : Math.min(0.99, Math.max(0.01, reached));
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
    drawnAtWord = 0;
    windowStart = ear.samplesHeard;
  };

  const step = (): void => {
    if (words.length > drawnAtWord) {
      drawnAtWord = words.length;
      silence = drawSilence();
    }
    if (phase === "quiet" && words.length > 0) {
      phase = "talking";
      out.push(info("StartOfTurn"));
    } else if (phase === "waiting" && words.length > wordsTold) {
      phase = "talking";
      out.push(info("TurnResumed"));
    }
    if (phase !== "quiet") {
      const { eotThreshold, eagerEotThreshold, eotTimeoutMs } = settings;
      if (phase === "talking" && eagerEotThreshold !== undefined && silentMs() >= silenceFor(eagerEotThreshold)) {
        phase = "waiting";
        out.push(info("EagerEndOfTurn"));
      }
      if (eotThreshold < manualThreshold && silentMs() >= silenceFor(eotThreshold)) endTurn("model");
      else if (silentMs() >= eotTimeoutMs) endTurn("timeout");
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
    silentMs,
    get samplesHeard() {
      return ear.samplesHeard;
    },
  };
}
