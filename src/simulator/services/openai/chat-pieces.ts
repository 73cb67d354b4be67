import type { BrainReply } from "../brain/brain-reply.ts";
import type { ChatRequest } from "./chat-request.ts";

export type FinishReason = "stop" | "tool_calls" | "length";

/** One step of a streamed answer: the delta of a chunk. */
export type ChatDelta = Readonly<Record<string, unknown>>;

const argumentLetters = 8;

/** The deltas of a reply in the order the API sends them: role, text token by token, then each tool call in fragments. */
export function chatDeltas(reply: BrainReply, callId: (index: number) => string): ChatDelta[] {
  const deltas: ChatDelta[] = [{ role: "assistant", content: reply.text === "" && reply.toolCalls.length > 0 ? null : "", refusal: null }];
  for (const token of tokensOf(reply.text)) deltas.push({ content: token });
  reply.toolCalls.forEach((call, index) => {
    deltas.push({ tool_calls: [{ index, id: callId(index), type: "function", function: { name: call.name, arguments: "" } }] });
    for (const fragment of pieces(call.argumentsJson, argumentLetters)) deltas.push({ tool_calls: [{ index, function: { arguments: fragment } }] });
  });
  return deltas;
}

/** The text in pieces about as long as a model's tokens; concatenated they are the text. */
export function tokensOf(text: string): string[] {
  return text.match(/\s?\S{1,5}|\s/g) ?? [];
}

function pieces(text: string, length: number): string[] {
  const letters = [...text];
  const count = Math.ceil(letters.length / length);
  return Array.from({ length: count }, (_, at) => letters.slice(at * length, (at + 1) * length).join(""));
}

/** Token counts as a bill would show them, about four letters to a token. */
export function usageOf(request: ChatRequest, reply: BrainReply): { prompt_tokens: number; completion_tokens: number; total_tokens: number } & Record<string, unknown> {
  const prompt = Math.ceil((JSON.stringify(request.messages).length + JSON.stringify(request.tools ?? []).length) / 4);
  const completion = Math.max(1, tokensOf(reply.text).length + reply.toolCalls.reduce((sum, call) => sum + 5 + Math.ceil(call.argumentsJson.length / 4), 0));
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
  };
}

/** Why the answer ended. */
export function finishReasonOf(reply: BrainReply): FinishReason {
  return reply.toolCalls.length > 0 ? "tool_calls" : "stop";
}
