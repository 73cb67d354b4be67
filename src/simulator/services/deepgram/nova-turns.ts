import { demodulator } from "../../modem.ts";
import { samplesPerMs } from "../../mulaw.ts";
import { latinFromDevanagari } from "../hearing/devanagari.ts";
import { bareWord, type HeardWord, languagesOf, seconds } from "./heard-words.ts";
import type { NovaSettings } from "./listen-query.ts";

/** A message of `/v1/listen` before the ids of the connection are put in. */
export type NovaMessage = { type: "Results" | "SpeechStarted" | "UtteranceEnd" } & Record<string, unknown>;

const stepSamples = 20 * samplesPerMs;
const interimEverySamples = 200 * samplesPerMs;
const longestSegmentSamples = 5_000 * samplesPerMs;

/**
 * Nova's way through the audio. The stream is cut into segments without gaps; each ends in one final result:
 *
 * - `speech_final` when the callee has been silent for the endpointing time after sound (empty if it was only noise)
 * - a plain final at five seconds, between words, empty when nothing was said
 *
 * Interim results repeat the segment so far while words come in. `UtteranceEnd` follows the last word at a distance,
 * whatever happened to `speech_final`.
 */
export function novaTurns(settings: NovaSettings): {
  push(audio: Uint8Array): NovaMessage[];
  /** Ends the segment at once, as `Finalize` and `CloseStream` ask. */
  finalize(): NovaMessage;
  readonly samplesHeard: number;
} {
  let words: HeardWord[] = [];
  let segmentStart = 0;
  let speaking = false;
  let interimAt = 0;
  let interimWords = 0;
  let lastWordEnd: number | undefined;
  let out: NovaMessage[] = [];
  const ear = demodulator(
    (text, endSample, startSample) => {
      words.push({ text, startSample, endSample });
      lastWordEnd = endSample;
    },
    {
      onSoundStart: (startSample) => {
        if (!speaking && settings.vadEvents) out.push({ type: "SpeechStarted", channel: [0], timestamp: seconds(startSample) });
        speaking = true;
      },
    },
  );

  const results = (isFinal: boolean, speechFinal: boolean): NovaMessage => novaResults(settings, words, segmentStart, ear.samplesHeard, isFinal, speechFinal);
  const endSegment = (speechFinal: boolean): void => {
    out.push(results(true, speechFinal));
    words = [];
    segmentStart = ear.samplesHeard;
    interimWords = 0;
  };

  const step = (): void => {
    const now = ear.samplesHeard;
    const silentMs = (now - ear.lastSoundEnd) / samplesPerMs;
    if (speaking && settings.endpointingMs !== undefined && silentMs >= settings.endpointingMs && silentMs > 0) {
      speaking = false;
      endSegment(true);
    } else if (now - segmentStart >= longestSegmentSamples && silentMs > 0) endSegment(false);
    else if (settings.interimResults && words.length > interimWords && now - interimAt >= interimEverySamples) {
      interimAt = now;
      interimWords = words.length;
      out.push(results(false, false));
    }
    if (settings.utteranceEndMs !== undefined && lastWordEnd !== undefined && silentMs >= settings.utteranceEndMs) {
      out.push({ type: "UtteranceEnd", channel: [0, 1], last_word_end: seconds(lastWordEnd) });
      lastWordEnd = undefined;
      speaking = false;
    }
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
    finalize() {
      out = [];
      const message = { ...results(true, speaking), from_finalize: true };
      words = [];
      segmentStart = ear.samplesHeard;
      speaking = false;
      return message;
    },
    get samplesHeard() {
      return ear.samplesHeard;
    },
  };
}

function novaResults(settings: NovaSettings, heard: readonly HeardWord[], from: number, to: number, isFinal: boolean, speechFinal: boolean): NovaMessage {
  const spelled = heard.map((word) => ({ ...word, text: inScriptOf(settings.language, word.text) }));
  const words = spelled.map((word) => ({
    word: bareWord(word.text),
    start: seconds(word.startSample),
    end: seconds(word.endSample),
    confidence: 0.98,
    ...(settings.language === "multi" ? { language: languagesOf([word.text])[0] ?? "en" } : {}),
    ...(settings.formatted ? { punctuated_word: word.text } : {}),
  }));
  const transcript = spelled.map((word) => (settings.formatted ? word.text : bareWord(word.text))).join(" ");
  const alternative = {
    transcript,
    confidence: words.length === 0 ? 0 : 0.98,
    ...(settings.language === "multi" ? { languages: languagesOf(spelled.map((word) => word.text)) } : {}),
    words,
  };
  return {
    type: "Results",
    channel_index: [0, 1],
    start: seconds(from),
    duration: seconds(to - from),
    is_final: isFinal,
    speech_final: speechFinal,
    channel: { alternatives: [alternative] },
  };
}

/** Under `multi` Hindi comes back in Latin letters, as users of Nova-3 report (Deepgram's API reference). */
function inScriptOf(language: string, word: string): string {
  return language === "multi" ? latinFromDevanagari(word) : word;
}
