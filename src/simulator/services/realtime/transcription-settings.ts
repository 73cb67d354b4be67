import { z } from "zod";
import { semanticVad, serverVad } from "./turn-detection-settings.ts";

const iso6391 = z.string().regex(/^[a-z]{2}$/);
const transcription = z.strictObject({
  model: z.string(),
  language: iso6391.optional(),
  languages: z.array(iso6391).optional(),
  keywords: z.array(z.string()).optional(),
  prompt: z.string().optional(),
  delay: z.enum(["minimal", "low", "medium", "high", "xhigh"]).optional(),
});

/** What `session.update` may set (openai 7.57, `RealtimeTranscriptionSessionCreateRequest`). */
export const transcriptionPatch = z.strictObject({
  type: z.literal("transcription"),
  audio: z
    .strictObject({
      input: z
        .strictObject({
          format: z.strictObject({ type: z.enum(["audio/pcm", "audio/pcmu", "audio/pcma"]), rate: z.literal(24_000).optional() }).optional(),
          noise_reduction: z.strictObject({ type: z.enum(["near_field", "far_field"]).optional(), strength: z.number().optional() }).nullish(),
          transcription: transcription.optional(),
          turn_detection: z.discriminatedUnion("type", [serverVad, semanticVad]).nullish(),
        })
        .optional(),
    })
    .optional(),
  include: z.array(z.literal("item.input_audio_transcription.logprobs")).optional(),
});
export type TranscriptionPatch = z.infer<typeof transcriptionPatch>;

/** The settings of a transcription session that the simulator acts on. */
export interface TranscriptionSettings {
  /** Undefined until the session names one: nothing is transcribed before. */
  model: string | undefined;
  /** Words are told while they are spoken. */
  streams: boolean;
  /** Undefined: stretches are committed by hand. */
  silenceMs: number | undefined;
  shown: object;
}

export interface SettingsRefusal {
  code: "invalid_value" | "model_not_found" | "unsupported_parameter";
  message: string;
  param: string;
}

const models = /^(?:whisper-1|gpt-(?:live-)?transcribe|gpt-realtime-whisper|gpt-4o-(?:mini-)?transcribe)(?:-\d{4}-\d{2}-\d{2})?$/;
const streaming = /^(?:gpt-live-transcribe|gpt-realtime-whisper)\b/;
const guided = /^gpt-(?:live-)?transcribe\b/;
const defaultSilenceMs = 500;
const silenceByEagerness = { low: 1_200, medium: 700, auto: 700, high: 400 } as const;

export const newTranscriptionSettings: TranscriptionSettings = { model: undefined, streams: false, silenceMs: defaultSilenceMs, shown: {} };

/** The settings after an update, or what the API would say against it. Turn detection by model: developers.openai.com/api/docs/guides/realtime-vad. */
export function transcriptionSettings(patch: TranscriptionPatch): TranscriptionSettings | SettingsRefusal {
  const { format, transcription: wanted, turn_detection: detection } = patch.audio?.input ?? {};
  if (wanted === undefined) return { code: "invalid_value", message: "A transcription session needs a transcription model.", param: "session.audio.input.transcription" };
  if (!models.test(wanted.model)) return { code: "model_not_found", message: `The model \`${wanted.model}\` does not exist or you do not have access to it.`, param: "session.audio.input.transcription.model" };
  if (format?.type !== "audio/pcmu") return { code: "invalid_value", message: "This phone world speaks audio/pcmu only.", param: "session.audio.input.format" };
  const unsupported = unsupportedField(wanted);
  if (unsupported !== undefined) return { code: "unsupported_parameter", message: `'${unsupported}' is not supported with ${wanted.model}.`, param: `session.audio.input.transcription.${unsupported}` };
  const streams = streaming.test(wanted.model);
  if (streams && detection != null) return { code: "invalid_value", message: "Turn detection is not supported for this transcription model.", param: "session.audio.input.turn_detection" };
  return { model: wanted.model, streams, silenceMs: streams ? undefined : silenceOf(detection), shown: { audio: patch.audio } };
}

function unsupportedField(wanted: z.infer<typeof transcription>): "languages" | "keywords" | "prompt" | "delay" | undefined {
  if (!guided.test(wanted.model)) {
    if (wanted.languages !== undefined) return "languages";
    if (wanted.keywords !== undefined) return "keywords";
  }
  const isWhisper = wanted.model.startsWith("gpt-realtime-whisper");
  if (isWhisper && wanted.prompt !== undefined) return "prompt";
  return !isWhisper && wanted.delay !== undefined ? "delay" : undefined;
}

function silenceOf(detection: z.infer<typeof serverVad> | z.infer<typeof semanticVad> | null | undefined): number | undefined {
  if (detection === null) return undefined;
  if (detection?.type === "semantic_vad") return silenceByEagerness[detection.eagerness ?? "auto"];
  return detection?.silence_duration_ms ?? defaultSilenceMs;
}
