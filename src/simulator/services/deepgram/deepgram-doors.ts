import type { IncomingMessage, ServerResponse } from "node:http";
import type { WebSocketServer } from "ws";
import { refuseUpgrade, requestUrl } from "../refusal.ts";
import type { ServiceDeps } from "../service-deps.ts";
import { acceptSocket, type ServiceSocket, type Upgrade } from "../service-socket.ts";
import { readFluxQuery, readNovaQuery, type QueryReading } from "./listen-query.ts";
import { deepgramAuthProblem, deepgramRefusal } from "./listen-socket.ts";
import { serveNova } from "./listen-v1.ts";
import { serveFlux } from "./listen-v2.ts";
import { readSpeakQuery } from "./speak-query.ts";
import { serveSpeakRequest } from "./speak-request.ts";
import { serveSpeak } from "./speak-socket.ts";

/** Takes Deepgram's WebSocket upgrades; false when the path is not Deepgram's. */
export function deepgramUpgrade(deps: ServiceDeps, server: WebSocketServer, upgrade: Upgrade): boolean {
  const { pathname, searchParams } = requestUrl(upgrade.req);
  switch (pathname) {
    case "/v1/listen":
      open(deps, server, upgrade, readNovaQuery(searchParams), (socket, settings) => serveNova(deps, socket, settings));
      return true;
    case "/v2/listen":
      open(deps, server, upgrade, readFluxQuery(searchParams), (socket, settings) => serveFlux(deps, socket, settings));
      return true;
    case "/v1/speak": {
      const { model, refusal, misuses } = readSpeakQuery(searchParams);
      const reading = refusal === undefined ? { ok: true as const, settings: model, misuses } : { ok: false as const, refusal, misuses };
      open(deps, server, upgrade, reading, (socket, voice) => serveSpeak(deps, socket, voice));
      return true;
    }
    default:
      return false;
  }
}

/** Takes Deepgram's HTTP requests; false when the path is not Deepgram's. */
export function deepgramRequest(deps: ServiceDeps, req: IncomingMessage, res: ServerResponse): boolean {
  if (req.method !== "POST" || requestUrl(req).pathname !== "/v1/speak") return false;
  serveSpeakRequest(deps, req, res).catch((error: unknown) => {
    deps.log.warn("A speech request of the phone world failed.", { error });
    res.destroy();
  });
  return true;
}

function open<Settings>(
  deps: ServiceDeps,
  server: WebSocketServer,
  upgrade: Upgrade,
  reading: QueryReading<Settings>,
  serve: (socket: ServiceSocket, settings: Settings) => void,
): void {
  const refusal = deepgramAuthProblem(deps, upgrade.req) ?? (reading.ok ? undefined : reading.refusal);
  for (const misuse of reading.misuses) deps.onMisuse(misuse);
  if (refusal !== undefined || !reading.ok) {
    const told = refusal ?? { status: 400, body: {} };
    deps.onMisuse({ service: "deepgram", code: "handshake_refused", detail: JSON.stringify(told.body) });
    return refuseUpgrade(upgrade.socket, told);
  }
  acceptSocket(deps, "deepgram", server, upgrade, deepgramRefusal, (socket) => serve(socket, reading.settings));
}
