import { z } from "zod";
import { semanticVad, serverVad } from "./turn-detection-settings.ts";

const format = z.strictObject({ type: z.enum(["audio/pcm", "audio/pcmu", "audio/pcma"]), rate: z.literal(24_000).optional() });
const realtimeTool = z.strictObject({
  type: z.literal("function"),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
  description: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
});
const modalities = z.array(z.enum(["text", "audio"])).length(1);
const toolChoice = z.union([z.enum(["none", "auto", "required"]), z.object({ type: z.literal("function"), name: z.string() })]);

/** What `session.update` may set (openai 7.57, `RealtimeSessionCreateRequest`, the shape since general availability). */
export const sessionPatch = z.strictObject({
  type: z.literal("realtime"),
  model: z.string().optional(),
  instructions: z.string().optional(),
  output_modalities: modalities.optional(),
  audio: z
    .strictObject({
      input: z
        .strictObject({
          format: format.optional(),
          noise_reduction: z.strictObject({ type: z.enum(["near_field", "far_field"]) }).nullish(),
          transcription: z.looseObject({ model: z.string(), language: z.string().optional() }).nullish(),
          turn_detection: z.discriminatedUnion("type", [serverVad, semanticVad]).nullish(),
        })
        .optional(),
      output: z.strictObject({ format: format.optional(), voice: z.string().optional(), speed: z.number().min(0.25).max(1.5).optional() }).optional(),
    })
    .optional(),
  tools: z.array(realtimeTool).optional(),
  tool_choice: toolChoice.optional(),
  parallel_tool_calls: z.boolean().optional(),
  reasoning: z.strictObject({ effort: z.enum(["minimal", "low", "medium", "high", "xhigh"]) }).nullish(),
  max_output_tokens: z.union([z.int().min(1).max(4_096), z.literal("inf")]).optional(),
  truncation: z.unknown().optional(),
  tracing: z.unknown().optional(),
  include: z.array(z.string()).optional(),
  prompt: z.unknown().optional(),
});
export type SessionPatch = z.infer<typeof sessionPatch>;

/** How the end of the callee's speech is noticed. */
export interface TurnDetection {
  silenceMs: number;
  createResponse: boolean;
  interruptResponse: boolean;
}

/** The settings of a session that the simulator acts on. */
export interface RealtimeSettings {
  model: string;
  instructions: string;
  spoken: boolean;
  inputFormat: string;
  outputFormat: string;
  voice: string;
  transcribes: boolean;
  /** Undefined: turns are committed by hand. */
  turnDetection: TurnDetection | undefined;
  tools: readonly z.infer<typeof realtimeTool>[];
  toolChoice: z.infer<typeof toolChoice>;
}

export function defaultSettings(model: string): RealtimeSettings {
  return {
    model,
    instructions: "",
    spoken: true,
    inputFormat: "audio/pcm",
    outputFormat: "audio/pcm",
    voice: "marin",
    transcribes: false,
    turnDetection: { silenceMs: 500, createResponse: true, interruptResponse: true },
    tools: [],
    toolChoice: "auto",
  };
}

/** The settings after an update: what it does not name stays as it is. */
export function patched(settings: RealtimeSettings, patch: SessionPatch): RealtimeSettings {
  const { input, output } = patch.audio ?? {};
  return {
    model: settings.model,
    instructions: patch.instructions ?? settings.instructions,
    spoken: patch.output_modalities === undefined ? settings.spoken : patch.output_modalities.includes("audio"),
    inputFormat: input?.format?.type ?? settings.inputFormat,
    outputFormat: output?.format?.type ?? settings.outputFormat,
    voice: output?.voice ?? settings.voice,
    transcribes: input?.transcription === undefined ? settings.transcribes : input.transcription !== null,
    turnDetection: input?.turn_detection === undefined ? settings.turnDetection : detection(input.turn_detection),
    tools: patch.tools ?? settings.tools,
    toolChoice: patch.tool_choice ?? settings.toolChoice,
  };
}

const silenceByEagerness = { low: 1_200, medium: 700, auto: 700, high: 400 } as const;

function detection(given: z.infer<typeof serverVad> | z.infer<typeof semanticVad> | null): TurnDetection | undefined {
  if (given === null) return undefined;
  const silenceMs = given.type === "server_vad" ? (given.silence_duration_ms ?? 500) : silenceByEagerness[given.eagerness ?? "auto"];
  return { silenceMs, createResponse: given.create_response ?? true, interruptResponse: given.interrupt_response ?? true };
}

/** The session as `session.created` and `session.updated` show it. */
export function shownSession(id: string, settings: RealtimeSettings): object {
  const { turnDetection } = settings;
  return {
    type: "realtime",
    object: "realtime.session",
    id,
    model: settings.model,
    instructions: settings.instructions,
    output_modalities: [settings.spoken ? "audio" : "text"],
    audio: {
      input: {
        format: { type: settings.inputFormat },
        transcription: settings.transcribes ? { model: "gpt-live-transcribe" } : null,
        noise_reduction: null,
        turn_detection:
          turnDetection === undefined
            ? null
            : { type: "server_vad", threshold: 0.5, prefix_padding_ms: 300, silence_duration_ms: turnDetection.silenceMs, create_response: turnDetection.createResponse, interrupt_response: turnDetection.interruptResponse, idle_timeout_ms: null },
      },
      output: { format: { type: settings.outputFormat }, voice: settings.voice, speed: 1 },
    },
    tools: settings.tools,
    tool_choice: settings.toolChoice,
    max_output_tokens: "inf",
    truncation: "auto",
    tracing: null,
    include: null,
  };
}
