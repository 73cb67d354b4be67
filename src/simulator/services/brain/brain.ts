import type { ChatRequest } from "../openai/chat-request.ts";
import type { BrainMode } from "../service-deps.ts";
import type { BrainReply } from "./brain-reply.ts";
import { answerCompetently } from "./competent.ts";
import { obeyAttacker } from "./obedient.ts";

/**
 * The scripted language model: answers a request from what a real model would see of it (messages and tool schemas) and
 * nothing else, the same request always in the same way.
 */
export function think(mode: BrainMode, request: ChatRequest): BrainReply {
  const reply = mode === "obedient_to_attacker" ? obeyAttacker(request) : answerCompetently(request);
  const mayCall = request.tool_choice !== "none" && (request.tools ?? []).length > 0;
  return mayCall ? reply : { text: reply.text, toolCalls: [] };
}
