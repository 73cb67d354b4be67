import type { ChatRequest } from "../openai/chat-request.ts";
import type { BrainMode } from "../service-deps.ts";
import { answerCompetently } from "./competent.ts";
import { obeyAttacker } from "./obedient.ts";

/** What a scripted model answers: text, tool calls, or both. */
export interface BrainReply {
  text: string;
  toolCalls: readonly BrainToolCall[];
}

export interface BrainToolCall {
  name: string;
  argumentsJson: string;
}

/**
 * The scripted language model: answers a request from what a real model would see of it (messages and tool schemas) and
 * nothing else, the same request always in the same way.
 */
export function think(mode: BrainMode, request: ChatRequest): BrainReply {
  const reply = mode === "obedient_to_attacker" ? obeyAttacker(request) : answerCompetently(request);
  const mayCall = request.tool_choice !== "none" && (request.tools ?? []).length > 0;
  return mayCall ? reply : { text: reply.text, toolCalls: [] };
}

/** A tool call with its arguments as a model writes them. */
export function toolCall(name: string, args: object): BrainToolCall {
  return { name, argumentsJson: JSON.stringify(args) };
}
