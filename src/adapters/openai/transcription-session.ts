import type { AudioTranscription, RealtimeTranscriptionSessionAudioInputTurnDetection, RealtimeTranscriptionSessionCreateRequest } from "openai/resources/realtime/realtime";
import type { TranscriberOptions } from "../../talk/ports.ts";

/** What a transcription model does in a session, as far as we must know before we open one. */
export interface TranscriptionManner {
  /** The vendor's voice detection ends turns; otherwise we detect speech and commit each stretch of it ourselves. */
  vendorDetectsTurns: boolean;
  /** Words come while they are spoken, not only after a commit. */
  streams: boolean;
  languages: "several" | "one";
  keyterms: "keywords" | "prompt" | "none";
}

const streaming: TranscriptionManner = { vendorDetectsTurns: false, streams: true, languages: "several", keyterms: "keywords" };

/**
 * Models by the beginning of their names. Turn detection is refused for `gpt-live-transcribe` and `gpt-realtime-whisper`
 * (developers.openai.com/api/docs/guides/realtime-vad), and `gpt-transcribe` is documented with commits; `languages`,
 * `keywords`, `prompt` and `delay` belong to the models that the SDK's types name (openai 7.57, `AudioTranscription`).
 */
const manners: readonly (readonly [RegExp, TranscriptionManner])[] = [
  [/^gpt-live-transcribe\b/, streaming],
  [/^gpt-transcribe\b/, { ...streaming, streams: false }],
  [/^gpt-realtime-whisper\b/, { ...streaming, languages: "one", keyterms: "none" }],
  [/^(?:gpt-4o-(?:mini-)?transcribe|whisper-1)\b/, { vendorDetectsTurns: true, streams: false, languages: "one", keyterms: "prompt" }],
];

/** What every model takes: a model whose name says nothing is asked for nothing that it might refuse. */
const plain: TranscriptionManner = { vendorDetectsTurns: false, streams: false, languages: "one", keyterms: "none" };

export function transcriptionManner(model: string): TranscriptionManner {
  return manners.find(([name]) => name.test(model))?.[1] ?? plain;
}

/** Silence after which the vendor's own detection calls a turn over. */
export const vendorSilenceMs = 500;

/** The settings of a session that only transcribes: the telephone's μ-law, as it comes. */
export function transcriptionSession(model: string, wanted: TranscriberOptions): RealtimeTranscriptionSessionCreateRequest {
  const manner = transcriptionManner(model);
  return {
    type: "transcription",
    audio: {
      input: {
        format: { type: "audio/pcmu" },
        transcription: { model, ...languagesFor(manner, wanted), ...keytermsFor(manner, wanted) },
        turn_detection: manner.vendorDetectsTurns ? vendorDetection : null,
      },
    },
  };
}

const vendorDetection: RealtimeTranscriptionSessionAudioInputTurnDetection = { type: "server_vad", silence_duration_ms: vendorSilenceMs };

/** ISO 639-1: "hi-IN" → "hi". Of several languages a model that takes one is told none, so that it does not force the others into it. */
function languagesFor(manner: TranscriptionManner, { languages }: TranscriberOptions): Pick<AudioTranscription, "language" | "languages"> {
  const codes = [...new Set(languages.map((language) => language.slice(0, 2)))];
  const [first] = codes;
  if (first === undefined) return {};
  if (manner.languages === "several") return { languages: codes };
  return codes.length === 1 ? { language: first } : {};
}

function keytermsFor(manner: TranscriptionManner, { keyterms }: TranscriberOptions): Pick<AudioTranscription, "keywords" | "prompt"> {
  if (keyterms.length === 0) return {};
  switch (manner.keyterms) {
    case "keywords":
      return { keywords: [...keyterms] };
    case "prompt":
      return { prompt: keyterms.join(", ") };
    case "none":
      return {};
  }
}
