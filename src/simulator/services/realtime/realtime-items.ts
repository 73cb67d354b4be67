import { z } from "zod";
import type { ModulatedWord } from "../../modem.ts";
import { samplesPerMs } from "../../mulaw.ts";
import type { ChatMessage } from "../openai/chat-request.ts";

const inputText = z.strictObject({ type: z.literal("input_text"), text: z.string() });
const givenItem = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("message"),
    id: z.string().optional(),
    object: z.literal("realtime.item").optional(),
    status: z.string().optional(),
    role: z.enum(["system", "user", "assistant"]),
    content: z.array(z.union([inputText, z.strictObject({ type: z.literal("output_text"), text: z.string() })])).min(1),
  }),
  z.strictObject({ type: z.literal("function_call"), id: z.string().optional(), object: z.string().optional(), status: z.string().optional(), call_id: z.string(), name: z.string(), arguments: z.string() }),
  z.strictObject({ type: z.literal("function_call_output"), id: z.string().optional(), object: z.string().optional(), status: z.string().optional(), call_id: z.string(), output: z.string() }),
]);
export type GivenItem = z.infer<typeof givenItem>;
export const itemCreation = z.strictObject({ type: z.literal("conversation.item.create"), event_id: z.string().optional(), previous_item_id: z.string().nullish(), item: givenItem });

/** An item of the conversation: what the model reads of it, and what was spoken of it. */
export interface Item {
  id: string;
  wire: Record<string, unknown>;
  message: ChatMessage;
  /** For speech of the model: its words, and how much audio has been made. */
  speech?: { words: readonly ModulatedWord[]; audioMs: number };
}

/** An item given by the client, as the model reads it. */
export function itemFrom(given: GivenItem, id: string): Item {
  const wire = { ...given, id, object: "realtime.item", status: "completed" };
  switch (given.type) {
    case "message":
      return { id, wire, message: { role: given.role, content: given.content.map((part) => part.text).join("") } };
    case "function_call":
      return { id, wire, message: { role: "assistant", content: null, tool_calls: [{ id: given.call_id, type: "function", function: { name: given.name, arguments: given.arguments } }] } };
    case "function_call_output":
      return { id, wire, message: { role: "tool", tool_call_id: given.call_id, content: given.output } };
  }
}

/** Speech of the person, as a user message with its transcript. */
export function heardItem(id: string, transcript: string): Item {
  return {
    id,
    wire: { id, object: "realtime.item", type: "message", role: "user", status: "completed", content: [{ type: "input_audio", transcript: null }] },
    message: { role: "user", content: transcript },
  };
}

/**
 * Cuts speech of the model to what was played: only words that ended by then stay in what the model remembers.
 * Answers what was wrong, in the API's words, or undefined.
 */
export function truncateItem(item: Item | undefined, audioEndMs: number): string | undefined {
  if (item?.speech === undefined) return "Only model output audio messages can be truncated.";
  if (audioEndMs > item.speech.audioMs) return `Audio content of ${item.speech.audioMs}ms is already shorter than ${audioEndMs}ms`;
  const words = item.speech.words.filter((word) => word.endSample / samplesPerMs <= audioEndMs);
  item.speech = { words, audioMs: audioEndMs };
  item.message = { role: "assistant", content: words.map((word) => word.text).join(" ") };
  return undefined;
}
