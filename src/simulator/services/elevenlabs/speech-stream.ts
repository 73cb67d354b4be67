import type { IncomingMessage, ServerResponse } from "node:http";
import { text as readBody } from "node:stream/consumers";
import { z } from "zod";
import { newId } from "../../../domain/ids.ts";
import { outbox } from "../outbox.ts";
import { type HttpRefusal, refuseRequest, requestUrl } from "../refusal.ts";
import type { ServiceDeps } from "../service-deps.ts";
import { jsonObject, resetConnection } from "../service-socket.ts";
import { speaker } from "./speaker.ts";
import { keyAccepted, keyOf, voiceRefusal } from "./voice-query.ts";

const speechRequest = z.strictObject({
  text: z.string().min(1).max(40_000),
  model_id: z.string().regex(/^eleven_/).optional(),
  language_code: z.string().nullish(),
  voice_settings: z
    .strictObject({
      stability: z.number().min(0).max(1).nullish(),
      similarity_boost: z.number().min(0).max(1).nullish(),
      style: z.number().min(0).max(1).nullish(),
      use_speaker_boost: z.boolean().nullish(),
      speed: z.number().min(0.7).max(1.2).nullish(),
    })
    .nullish(),
  previous_text: z.string().nullish(),
  next_text: z.string().nullish(),
  previous_request_ids: z.array(z.string()).max(3).nullish(),
  next_request_ids: z.array(z.string()).max(3).nullish(),
  seed: z.int().min(0).nullish(),
  apply_text_normalization: z.enum(["auto", "on", "off"]).nullish(),
  pronunciation_dictionary_locators: z.array(z.unknown()).max(3).nullish(),
  audio_effects: z.unknown().optional(),
});
const queryNames = new Set(["output_format", "optimize_streaming_latency", "enable_logging"]);

/** Answers `POST /v1/text-to-speech/{voice}/stream`: raw μ-law in chunks, as it is made (ElevenLabs' API reference). */
export async function serveSpeechStream(deps: ServiceDeps, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const fault = deps.faults.next("elevenlabs");
  if (fault?.kind === "status") return refuseRequest(res, voiceRefusal(fault));
  if (fault?.kind === "reset") return resetConnection(req.socket);
  if (fault?.kind === "blackhole") return;
  const body = await readBody(req);
  const request = speechRequest.safeParse(jsonObject(body));
  const refusal = refusalOf(deps, req, request);
  if (refusal !== undefined || !request.success) {
    deps.onMisuse({ service: "elevenlabs", code: "request_refused", detail: JSON.stringify(refusal?.body ?? null) });
    return refuseRequest(res, refusal ?? { status: 422, body: {} });
  }
  const random = deps.randomOf("elevenlabs");
  deps.onUse("elevenlabs", "spoke", { model: request.data.model_id ?? "eleven_multilingual_v2", characters: request.data.text.length });
  const headers = { "content-type": "audio/basic", "request-id": newId(deps.clock, random), "current-concurrent-requests": "1", "maximum-concurrent-requests": "15" };
  let sent = 0;
  const box = outbox<Uint8Array>(deps.clock, (audio) => {
    if (!res.headersSent) res.writeHead(200, headers);
    if (fault?.kind === "stall" && sent >= fault.afterPieces) return;
    sent += 1;
    if (fault?.kind !== "empty" && fault?.kind !== "keep_alive_only") res.write(audio);
  });
  res.on("close", () => box.discard());
  if (fault?.kind === "cut") deps.clock.setTimer(fault.everyMs, () => resetConnection(req.socket));
  const lateMs = fault?.kind === "slow_start" ? fault.delayMs : 0;
  const pieces = speaker(deps, random).speak(request.data.text);
  pieces.forEach(({ chunk, delayMs }, index) => {
    const dribbleMs = fault?.kind === "dribble" ? fault.gapMs * (index + 1) : 0;
    box.put(fault?.kind === "garbage" ? Buffer.from("<html>") : chunk.audio, delayMs + lateMs + dribbleMs);
  });
  if (fault?.kind !== "stall" && fault?.kind !== "keep_alive_only") box.afterAll(() => res.end());
}

function refusalOf(deps: ServiceDeps, req: IncomingMessage, request: z.ZodSafeParseResult<unknown>): HttpRefusal | undefined {
  if (!keyAccepted(deps, keyOf(req))) return { status: 401, body: { detail: { status: "invalid_api_key", message: "Invalid API key" } } };
  const { searchParams } = requestUrl(req);
  const unknown = [...searchParams.keys()].find((name) => !queryNames.has(name));
  if (unknown !== undefined) return { status: 422, body: { detail: [{ loc: ["query", unknown], msg: "unknown parameter", type: "extra" }] } };
  const format = searchParams.get("output_format");
  if (format !== "ulaw_8000") return { status: 422, body: { detail: [{ loc: ["query", "output_format"], msg: `this phone world speaks ulaw_8000 only, got ${format ?? "none"}`, type: "enum" }] } };
  if (request.success) return undefined;
  return { status: 422, body: { detail: request.error.issues.map((issue) => ({ loc: ["body", ...issue.path], msg: issue.message, type: issue.code })) } };
}
