import type { IncomingMessage, ServerResponse } from "node:http";
import type { WebSocketServer } from "ws";
import { requestUrl } from "../refusal.ts";
import type { ServiceDeps } from "../service-deps.ts";
import { acceptSocket, type Upgrade } from "../service-socket.ts";
import { serveMultiContext } from "./multi-context.ts";
import { serveSpeechStream } from "./speech-stream.ts";
import { serveStreamInput } from "./stream-input.ts";
import { endWithError } from "./voice-messages.ts";
import { readVoiceQuery, voiceRefusal } from "./voice-query.ts";

const socketPath = /^\/v1\/text-to-speech\/([A-Za-z0-9_-]+)\/(multi-stream-input|stream-input)$/;
const streamPath = /^\/v1\/text-to-speech\/[A-Za-z0-9_-]+\/stream$/;

/** Takes ElevenLabs' WebSocket upgrades; false when the path is not ElevenLabs'. */
export function elevenLabsUpgrade(deps: ServiceDeps, server: WebSocketServer, upgrade: Upgrade): boolean {
  const { pathname, searchParams } = requestUrl(upgrade.req);
  const match = socketPath.exec(pathname);
  if (match?.[1] === undefined) return false;
  const { settings, problem, misuses } = readVoiceQuery(deps, upgrade.req, match[1], searchParams);
  const manyContexts = match[2] === "multi-stream-input";
  acceptSocket(deps, "elevenlabs", server, upgrade, voiceRefusal, (socket) => {
    for (const misuse of misuses) deps.onMisuse(misuse);
    if (problem !== undefined) {
      deps.onMisuse({ service: "elevenlabs", code: "handshake_refused", detail: problem.message });
      return endWithError(socket, problem);
    }
    if (manyContexts && !settings.authorised) return endWithError(socket, { error: "invalid_api_key", message: "Invalid API key" });
    if (manyContexts) serveMultiContext(deps, socket, settings);
    else serveStreamInput(deps, socket, settings);
  });
  return true;
}

/** Takes ElevenLabs' HTTP requests; false when the path is not ElevenLabs'. */
export function elevenLabsRequest(deps: ServiceDeps, req: IncomingMessage, res: ServerResponse): boolean {
  if (req.method !== "POST" || !streamPath.test(requestUrl(req).pathname)) return false;
  serveSpeechStream(deps, req, res).catch((error: unknown) => {
    deps.log.warn("A speech request of the phone world failed.", { error });
    res.destroy();
  });
  return true;
}
