import type { IncomingMessage, ServerResponse } from "node:http";
import { text as readBody } from "node:stream/consumers";
import { type Random, wholeBelow } from "../../../domain/random.ts";
import { think } from "../brain/brain.ts";
import type { BrainReply } from "../brain/brain-reply.ts";
import { outbox } from "../outbox.ts";
import { refuseRequest } from "../refusal.ts";
import type { ServiceDeps } from "../service-deps.ts";
import type { ServiceFault } from "../service-faults.ts";
import { jsonObject, resetConnection } from "../service-socket.ts";
import { apiErrorRefusal, authError, faultError, requestHeaders } from "./api-errors.ts";
import { type ChatDelta, chatDeltas, finishReasonOf, usageOf } from "./chat-pieces.ts";
import { type ChatRequest, readChatRequest } from "./chat-request.ts";

/** What thinking costs before the first token, by effort; models that reason think at medium unless told. */
const effortMs = { none: 0, minimal: 150, low: 600, medium: 2_000, high: 5_000, xhigh: 9_000, max: 15_000 } as const;
const commentEveryMs = 1_000;

/** Answers `POST /v1/chat/completions`, streamed or whole (OpenAI's API reference). */
export async function serveChat(deps: ServiceDeps, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const fault = deps.faults.next("openai");
  const random = deps.randomOf("openai");
  if (fault?.kind === "status") return refuseRequest(res, faultError(fault));
  if (fault?.kind === "reset") return resetConnection(req.socket);
  if (fault?.kind === "blackhole") return;
  const unauthorised = authError(deps, req);
  const reading = readChatRequest(jsonObject(await readBody(req)));
  const error = unauthorised ?? (reading.ok ? undefined : reading.error);
  if (error !== undefined || !reading.ok) {
    if (error !== undefined) deps.onMisuse({ service: "openai", code: error.code ?? "request_refused", detail: error.message });
    return error === undefined ? undefined : refuseRequest(res, apiErrorRefusal(error));
  }
  const { request } = reading;
  const thought = think(deps.brain, request);
  const reply: BrainReply = fault?.kind === "empty" ? { text: "", toolCalls: [] } : thought;
  const firstTokenMs = deps.latencies.firstToken(random) + thinkingMs(request) + (fault?.kind === "slow_start" ? fault.delayMs : 0);
  const answer = { deps, req, res, request, reply, random, fault, firstTokenMs };
  res.on("close", () => {
    const what = res.writableFinished ? "answered" : "aborted";
    deps.onUse("openai", what, { ...usageOf(request, reply), stream: request.stream === true, first_token_ms: firstTokenMs });
  });
  if (request.stream === true) stream(answer);
  else whole(answer);
}

interface Answer {
  deps: ServiceDeps;
  req: IncomingMessage;
  res: ServerResponse;
  request: ChatRequest;
  reply: BrainReply;
  random: Random;
  fault: ServiceFault | undefined;
  firstTokenMs: number;
}

function thinkingMs({ model, reasoning_effort: effort }: ChatRequest): number {
  return /^gpt-[56]/.test(model) ? effortMs[effort ?? "medium"] : 0;
}

function head({ deps, request, random }: Answer, object: string): Record<string, unknown> {
  return {
    id: `chatcmpl-${Buffer.from(random.bytes(18)).toString("base64url")}`,
    object,
    created: Math.floor(deps.clock.nowMs() / 1_000),
    model: request.model,
    service_tier: "default",
    system_fingerprint: null,
  };
}

function stream(answer: Answer): void {
  const { deps, req, res, request, reply, random, fault, firstTokenMs } = answer;
  const base = head(answer, "chat.completion.chunk");
  const withUsage = request.stream_options?.include_usage === true;
  const event = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;
  const chunk = (delta: ChatDelta, finish: string | null): string =>
    event({ ...base, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], ...(withUsage ? { usage: null } : {}), ...obfuscation(request, random) });

  let sent = 0;
  const box = outbox<string>(deps.clock, (text) => {
    if (fault?.kind === "stall" && sent >= fault.afterPieces) return;
    sent += 1;
    res.write(fault?.kind === "garbage" ? "data: {\"id\":\"chatcmpl-\n\n" : text);
  });
  res.on("close", () => box.discard());
  if (fault?.kind === "cut") deps.clock.setTimer(fault.everyMs, () => resetConnection(req.socket));
  res.writeHead(200, { ...requestHeaders(random), "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
  res.flushHeaders();
  if (fault?.kind === "keep_alive_only") return keepAlive(deps, res);

  const deltas = chatDeltas(reply, () => `call_${Buffer.from(random.bytes(18)).toString("base64url").replace(/[-_]/g, "x")}`);
  const cutShort = fault?.kind === "length" && deltas.length > fault.afterPieces;
  const told = cutShort ? deltas.slice(0, fault.afterPieces) : deltas;
  let delayMs = firstTokenMs;
  for (const delta of told) {
    box.put(chunk(delta, null), delayMs);
    delayMs += deps.latencies.tokenGap(random) + (fault?.kind === "dribble" ? fault.gapMs : 0);
  }
  box.put(chunk({}, cutShort ? "length" : finishReasonOf(reply)), delayMs);
  if (withUsage) box.put(event({ ...base, choices: [], usage: usageOf(request, reply) }), delayMs);
  box.put("data: [DONE]\n\n", delayMs);
  if (fault?.kind !== "stall") box.afterAll(() => res.end());
}

function keepAlive(deps: ServiceDeps, res: ServerResponse): void {
  const timer = deps.clock.setTimer(commentEveryMs, () => {
    res.write(": keep-alive\n\n");
    keepAlive(deps, res);
  });
  res.once("close", () => timer.cancel());
}

/** The API pads its chunks, so that their sizes tell nothing; parsers must not mind. */
function obfuscation(request: ChatRequest, random: Random): Record<string, string> {
  if (request.stream_options?.include_obfuscation === false) return {};
  return { obfuscation: "x".repeat(wholeBelow(random, 12)) };
}

function whole(answer: Answer): void {
  const { deps, res, request, reply, random, firstTokenMs } = answer;
  const message = {
    role: "assistant",
    content: reply.text === "" && reply.toolCalls.length > 0 ? null : reply.text,
    refusal: null,
    ...(reply.toolCalls.length === 0
      ? {}
      : { tool_calls: reply.toolCalls.map((call) => ({ id: `call_${Buffer.from(random.bytes(18)).toString("hex")}`, type: "function", function: { name: call.name, arguments: call.argumentsJson } })) }),
  };
  const body = { ...head(answer, "chat.completion"), choices: [{ index: 0, message, logprobs: null, finish_reason: finishReasonOf(reply) }], usage: usageOf(request, reply) };
  const timer = deps.clock.setTimer(firstTokenMs + chatDeltas(reply, () => "").length * 15, () => {
    res.writeHead(200, { ...requestHeaders(random), "content-type": "application/json" });
    res.end(JSON.stringify(body));
  });
  res.on("close", () => timer.cancel());
}
