import type { WebSocketServer } from "ws";
import { apiErrorRefusal, authError, faultError } from "../openai/api-errors.ts";
import { refuseUpgrade, requestUrl } from "../refusal.ts";
import type { ServiceDeps } from "../service-deps.ts";
import { acceptSocket, type Upgrade } from "../service-socket.ts";
import { serveRealtime } from "./realtime-socket.ts";

const realtimeModel = /^gpt-realtime(?:-(?:1\.5|2|2\.1|mini|2\.1-mini))?(?:-\d{4}-\d{2}-\d{2})?$/;

/** Takes upgrades of `/v1/realtime`; false when the path is another. */
export function realtimeUpgrade(deps: ServiceDeps, server: WebSocketServer, upgrade: Upgrade): boolean {
  const { pathname, searchParams } = requestUrl(upgrade.req);
  if (pathname !== "/v1/realtime") return false;
  const misuse = (code: string, detail: string): void => deps.onMisuse({ service: "openai_realtime", code, detail });
  const unauthorised = authError(deps, upgrade.req);
  if (unauthorised !== undefined) {
    misuse("handshake_refused", unauthorised.message);
    refuseUpgrade(upgrade.socket, apiErrorRefusal(unauthorised));
    return true;
  }
  const model = searchParams.get("model") ?? "";
  if (upgrade.req.headers["openai-beta"] !== undefined) misuse("beta_header", "OpenAI-Beta belongs to the interface before general availability");
  for (const name of searchParams.keys()) if (name !== "model") misuse("unknown_query_parameter", `/v1/realtime has no parameter ${name} here`);
  acceptSocket(deps, "openai_realtime", server, upgrade, faultError, (socket) => {
    if (realtimeModel.test(model)) return serveRealtime(deps, socket, model);
    misuse("model_not_found", model);
    socket.send({ type: "error", error: { type: "invalid_request_error", code: "model_not_found", message: `The model \`${model}\` does not exist or you do not have access to it.`, param: null } });
    socket.close(4000, "model_not_found");
  });
  return true;
}
