import type { IncomingMessage, ServerResponse } from "node:http";
import { requestUrl } from "../refusal.ts";
import type { ServiceDeps } from "../service-deps.ts";
import { serveChat } from "./chat-completions.ts";

/** Takes OpenAI's HTTP requests; false when the path is not OpenAI's. */
export function openAiRequest(deps: ServiceDeps, req: IncomingMessage, res: ServerResponse): boolean {
  if (req.method !== "POST" || requestUrl(req).pathname !== "/v1/chat/completions") return false;
  serveChat(deps, req, res).catch((error: unknown) => {
    deps.log.warn("A chat request of the phone world failed.", { error });
    res.destroy();
  });
  return true;
}
