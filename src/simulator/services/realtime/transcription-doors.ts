import type { WebSocketServer } from "ws";
import { apiErrorRefusal, authError, faultError } from "../openai/api-errors.ts";
import { refuseUpgrade, requestUrl } from "../refusal.ts";
import type { ServiceDeps } from "../service-deps.ts";
import { acceptSocket, type Upgrade } from "../service-socket.ts";
import { serveTranscription } from "./transcription-socket.ts";

/** Takes upgrades of `/v1/realtime` with the intent to transcribe; false when path or intent is another. */
export function transcriptionUpgrade(deps: ServiceDeps, server: WebSocketServer, upgrade: Upgrade): boolean {
  const { pathname, searchParams } = requestUrl(upgrade.req);
  if (pathname !== "/v1/realtime" || searchParams.get("intent") !== "transcription") return false;
  const misuse = (code: string, detail: string): void => deps.onMisuse({ service: "openai_transcription", code, detail });
  const unauthorised = authError(deps, upgrade.req);
  if (unauthorised !== undefined) {
    misuse("handshake_refused", unauthorised.message);
    refuseUpgrade(upgrade.socket, apiErrorRefusal(unauthorised));
    return true;
  }
  if (upgrade.req.headers["openai-beta"] !== undefined) misuse("beta_header", "OpenAI-Beta belongs to the interface before general availability");
  for (const name of searchParams.keys()) if (name !== "intent") misuse("unknown_query_parameter", `/v1/realtime?intent=transcription has no parameter ${name} here`);
  acceptSocket(deps, "openai_transcription", server, upgrade, faultError, (socket) => serveTranscription(deps, socket));
  return true;
}
