import type { IncomingMessage, ServerResponse } from "node:http";
import { text as readBody } from "node:stream/consumers";
import { newId } from "../../../domain/ids.ts";
import { speaker } from "../elevenlabs/speaker.ts";
import { outbox } from "../outbox.ts";
import { refuseRequest, requestUrl } from "../refusal.ts";
import type { ServiceDeps } from "../service-deps.ts";
import { jsonObject, resetConnection } from "../service-socket.ts";
import { deepgramAuthProblem, deepgramRefusal } from "./listen-socket.ts";
import { readSpeakQuery } from "./speak-query.ts";

/** Answers `POST /v1/speak`: raw μ-law of a whole text (Deepgram's API reference). */
export async function serveSpeakRequest(deps: ServiceDeps, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const fault = deps.faults.next("deepgram");
  if (fault?.kind === "status") return refuseRequest(res, deepgramRefusal(fault));
  if (fault?.kind === "reset") return resetConnection(req.socket);
  if (fault?.kind === "blackhole") return;
  const { model, refusal, misuses } = readSpeakQuery(requestUrl(req).searchParams);
  for (const misuse of misuses) deps.onMisuse(misuse);
  const given = jsonObject(await readBody(req))?.["text"];
  const noText = typeof given === "string" && given !== "" ? undefined : { status: 400, body: { err_code: "Bad Request", err_msg: "text is required" } };
  const problem = deepgramAuthProblem(deps, req) ?? refusal ?? noText;
  if (problem !== undefined || typeof given !== "string") {
    deps.onMisuse({ service: "deepgram", code: "request_refused", detail: JSON.stringify(problem?.body ?? null) });
    return refuseRequest(res, problem ?? { status: 400, body: {} });
  }
  const random = deps.randomOf("deepgram");
  res.writeHead(200, { "content-type": "audio/mulaw", "dg-request-id": newId(deps.clock, random), "dg-model-name": model, "dg-char-count": String(given.length) });
  const box = outbox<Uint8Array>(deps.clock, (audio) => res.write(audio));
  res.on("close", () => box.discard());
  const lateMs = fault?.kind === "slow_start" ? fault.delayMs : 0;
  if (fault?.kind !== "empty") for (const { chunk, delayMs } of speaker(deps, random).speak(given)) box.put(chunk.audio, delayMs + lateMs);
  box.afterAll(() => res.end());
}
