import OpenAI, { APIConnectionError, APIError, APIUserAbortError } from "openai";
import type { ChatCompletionChunk, ChatCompletionMessageParam, ChatCompletionTool } from "openai/resources/chat/completions";
import type { ReasoningEffort } from "openai/resources/shared";
import { VendorError } from "../../domain/errors.ts";
import type { Brain, BrainEvent, BrainMessage, ToolCall, ToolDescription } from "../../talk/ports.ts";

export interface OpenAiBrainOptions {
  apiKey: string;
  /** Up to and with `/v1`; null is the vendor's own address. Any server that speaks Chat Completions will do. */
  baseUrl: string | null;
  model: string;
  /** For models that think before they speak; null leaves it to the model. */
  reasoningEffort: ReasoningEffort;
  name?: string;
}

/** The conversation gives up on an answer long before this; it only ends requests that nobody waits for. */
const requestTimeoutMs = 30_000;

/**
 * The most tokens of one answer. A spoken answer with its tool calls takes a few hundred, in Indian scripts up to twice as
 * many; a model that thinks before it speaks counts its thoughts too.
 */
const mostOutputTokens = { spoken: 1_500, thought: 6_000 } as const;

/**
 * A language model over Chat Completions, streamed, with tools. No retries in here: a retry after spoken words would
 * say them twice, so the conversation decides.
 */
export function openAiBrain(options: OpenAiBrainOptions): Brain {
  const client = new OpenAI({ apiKey: options.apiKey, baseURL: options.baseUrl, maxRetries: 0, timeout: requestTimeoutMs, logLevel: "off" });
  return {
    name: options.name ?? `openai ${options.model}`,
    async *reply(request, signal) {
      try {
        const stream = await client.chat.completions.create(
          {
            model: options.model,
            messages: request.messages.map(wireMessage),
            stream: true,
            stream_options: { include_usage: true },
            max_completion_tokens: options.reasoningEffort === "none" || options.reasoningEffort === "minimal" ? mostOutputTokens.spoken : mostOutputTokens.thought,
            ...(request.tools.length > 0 ? { tools: request.tools.map(wireTool) } : {}),
            ...(options.reasoningEffort === null ? {} : { reasoning_effort: options.reasoningEffort }),
          },
          { signal },
        );
        yield* eventsOf(stream);
      } catch (error) {
        if (signal.aborted) return;
        throw translated(error);
      }
    },
  };
}

function wireMessage(message: BrainMessage): ChatCompletionMessageParam {
  switch (message.role) {
    case "system":
    case "user":
      return { role: message.role, content: message.text };
    case "tool":
      return { role: "tool", tool_call_id: message.toolCallId, content: message.text };
    case "assistant":
      if (message.toolCalls.length === 0) return { role: "assistant", content: message.text };
      return {
        role: "assistant",
        content: message.text === "" ? null : message.text,
        tool_calls: message.toolCalls.map((call) => ({ id: call.id, type: "function", function: { name: call.name, arguments: call.argumentsJson } })),
      };
  }
}

function wireTool(tool: ToolDescription): ChatCompletionTool {
  return { type: "function", function: { name: tool.name, description: tool.description, parameters: { ...tool.parameters } } };
}

/** Puts the fragments of tool calls together by their index; they are complete when the model stops. */
async function* eventsOf(stream: AsyncIterable<ChatCompletionChunk>): AsyncIterable<BrainEvent> {
  const calls: ToolCall[] = [];
  let inputTokens = 0;
  let outputTokens = 0;
  let isFinished = false;
  for await (const chunk of stream) {
    if (chunk.usage) {
      inputTokens = chunk.usage.prompt_tokens;
      outputTokens = chunk.usage.completion_tokens;
    }
    const choice = chunk.choices[0];
    if (!choice) continue;
    if (choice.delta.content) yield { kind: "text", delta: choice.delta.content };
    for (const fragment of choice.delta.tool_calls ?? []) {
      const call = calls[fragment.index] ?? { id: "", name: "", argumentsJson: "" };
      calls[fragment.index] = {
        id: fragment.id ?? call.id,
        name: call.name + (fragment.function?.name ?? ""),
        argumentsJson: call.argumentsJson + (fragment.function?.arguments ?? ""),
      };
    }
    if (choice.finish_reason === "content_filter") throw new VendorError("brain", "content_filter", "the model's answer was withheld by a filter", false);
    isFinished ||= choice.finish_reason !== null;
  }
  if (!isFinished) throw new VendorError("brain", "ended_early", "the model's stream ended before it was finished", true);
  for (const call of calls) if (call.name !== "") yield { kind: "tool_call", call };
  yield { kind: "done", inputTokens, outputTokens };
}

function translated(error: unknown): VendorError {
  if (error instanceof VendorError) return error;
  if (error instanceof APIUserAbortError) return new VendorError("brain", "aborted", "the request was aborted", true, error);
  if (error instanceof APIConnectionError) return new VendorError("brain", "connection", "the model could not be reached", true, error);
  if (error instanceof APIError) {
    const status = typeof error.status === "number" ? error.status : 0;
    const retryable = status === 0 || status === 408 || status === 409 || status === 429 || status >= 500;
    const code: unknown = error.code;
    return new VendorError("brain", typeof code === "string" ? code : String(status), `the model refused with status ${status}`, retryable, error);
  }
  return new VendorError("brain", "bad_answer", "the model's answer could not be read", true, error);
}
