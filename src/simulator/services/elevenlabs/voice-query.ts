import type { IncomingMessage } from "node:http";
import type { HttpRefusal } from "../refusal.ts";
import type { Misuse, ServiceDeps } from "../service-deps.ts";
import type { RefusalWords } from "../service-socket.ts";

/** Settings of a text-to-speech socket, from its path and query. */
export interface VoiceSettings {
  voiceId: string;
  modelId: string;
  inactivityMs: number;
  /** Speaks phrases as they come, without waiting for the chunk schedule. */
  autoMode: boolean;
  /** Whether a key came with the handshake; `stream-input` may still bring one in its first message. */
  authorised: boolean;
}

const names = new Set([
  "model_id", "output_format", "language_code", "inactivity_timeout", "auto_mode", "sync_alignment", "apply_text_normalization",
  "enable_ssml_parsing", "enable_logging", "seed", "authorization", "single_use_token", "optimize_streaming_latency",
]);
const socketModels = new Set(["eleven_flash_v2_5", "eleven_flash_v2", "eleven_turbo_v2_5", "eleven_turbo_v2", "eleven_multilingual_v2"]);
const withoutLanguageCode = new Set(["eleven_multilingual_v2", "eleven_flash_v2", "eleven_turbo_v2"]);

/** An error a socket tells before it closes with 1008. */
export interface VoiceError {
  message: string;
  error: string;
}

/** Reads the query of a text-to-speech socket (ElevenLabs' API reference); `problem` is told after the handshake, as the vendor does. */
export function readVoiceQuery(deps: ServiceDeps, req: IncomingMessage, voiceId: string, query: URLSearchParams): { settings: VoiceSettings; problem: VoiceError | undefined; misuses: Misuse[] } {
  const modelId = query.get("model_id") ?? "eleven_multilingual_v2";
  const inactivity = Number(query.get("inactivity_timeout") ?? 20);
  const misuses = [...new Set(query.keys())]
    .filter((name) => !names.has(name))
    .map((name): Misuse => ({ service: "elevenlabs", code: "unknown_query_parameter", detail: `text-to-speech sockets have no parameter ${name}` }));
  const settings: VoiceSettings = {
    voiceId,
    modelId,
    inactivityMs: inactivity * 1_000,
    autoMode: query.get("auto_mode") === "true",
    authorised: keyAccepted(deps, keyOf(req) ?? query.get("authorization") ?? query.get("single_use_token") ?? undefined),
  };
  return { settings, problem: queryProblem(query, modelId, inactivity), misuses };
}

function queryProblem(query: URLSearchParams, modelId: string, inactivity: number): VoiceError | undefined {
  if (/^eleven_v[34]/.test(modelId)) return { error: "unsupported_model", message: `Model '${modelId}' is not supported on this endpoint.` };
  if (!socketModels.has(modelId)) return { error: "model_not_found", message: `A model with model ID '${modelId}' does not exist.` };
  if (query.has("language_code") && withoutLanguageCode.has(modelId)) return { error: "unsupported_language", message: `Model '${modelId}' does not support the language_code parameter.` };
  if (!(inactivity >= 1 && inactivity <= 180)) return { error: "invalid_inactivity_timeout", message: "inactivity_timeout must be between 1 and 180 seconds." };
  const format = query.get("output_format") ?? "mp3_44100_128";
  return format === "ulaw_8000" ? undefined : { error: "output_format_not_allowed", message: `This phone world speaks ulaw_8000 only, got ${format}.` };
}

/** The `xi-api-key` header. */
export function keyOf(req: IncomingMessage): string | undefined {
  const key = req.headers["xi-api-key"];
  return typeof key === "string" && key !== "" ? key : undefined;
}

/** Whether the world accepts a key. */
export function keyAccepted(deps: ServiceDeps, key: string | undefined): boolean {
  const expected = deps.keys.elevenlabs;
  return key !== undefined && key !== "" && (expected === undefined || key === expected);
}

/** ElevenLabs' words for a refusal. */
export const voiceRefusal: RefusalWords = (fault): HttpRefusal => {
  const detail = fault.detail ?? (fault.status === 429 ? "too_many_concurrent_requests" : fault.status === 401 ? "invalid_api_key" : "internal_server_error");
  const messages: Readonly<Record<string, string>> = {
    too_many_concurrent_requests: "Too many concurrent requests. Your current subscription is associated with a maximum of 15 concurrent requests.",
    system_busy: "We are experiencing heavy traffic, please try again.",
    invalid_api_key: "Invalid API key",
  };
  const retry: Record<string, string> = fault.retryAfterMs === undefined ? {} : { "retry-after": String(Math.ceil(fault.retryAfterMs / 1_000)) };
  return { status: fault.status, headers: retry, body: { detail: { status: detail, message: messages[detail] ?? "Something went wrong." } } };
};
