import type { ConversationItemCreateEvent } from "openai/resources/realtime/realtime";
import type { BrainMessage } from "../../talk/ports.ts";

/** What a Realtime session has come by itself: it needs no telling of these. */
export interface KnownToSession {
  /** Answers that the session itself has spoken. */
  hasSpoken(replyId: string): boolean;
  /** Tool calls that the session itself has made. */
  hasCalled(callId: string): boolean;
  /** Uses up one turn of the callee that the session has heard; false when it heard no such text. */
  takeHeard(text: string): boolean;
}

export type ItemCreation = Omit<ConversationItemCreateEvent, "type" | "event_id">;

/**
 * Keeps a session's conversation the one we keep: answers the items it must still be told, which are sentences said by
 * rule, keys that were pressed, turns from before a lost connection, results of tools. What was said before the session
 * first listened goes to the beginning.
 */
export function realtimeHistory(known: KnownToSession): { untold(messages: readonly BrainMessage[]): readonly ItemCreation[] } {
  const told = new Map<string, number>();
  return {
    untold(messages) {
      const counts = new Map<string, number>();
      const first: ItemCreation[] = [];
      const later: ItemCreation[] = [];
      let isBeginning = told.size === 0;
      for (const message of messages) {
        const name = JSON.stringify(message);
        const count = (counts.get(name) ?? 0) + 1;
        counts.set(name, count);
        if (count <= (told.get(name) ?? 0)) continue;
        told.set(name, count);
        const item = itemFor(message, known);
        if (item === undefined) isBeginning = false;
        // Each one placed at the beginning comes before the last so placed.
        else if (isBeginning) first.unshift({ previous_item_id: "root", item });
        else later.push({ item });
      }
      return [...first, ...later];
    },
  };
}

function itemFor(message: BrainMessage, known: KnownToSession): ItemCreation["item"] | undefined {
  switch (message.role) {
    case "system":
      return undefined;
    case "user":
      return known.takeHeard(message.text) ? undefined : { type: "message", role: "user", content: [{ type: "input_text", text: message.text }] };
    case "tool":
      return { type: "function_call_output", call_id: message.toolCallId, output: message.text };
    case "assistant": {
      const [call] = message.toolCalls;
      if (call) return known.hasCalled(call.id) ? undefined : { type: "function_call", call_id: call.id, name: call.name, arguments: call.argumentsJson };
      if (message.replyId !== undefined && known.hasSpoken(message.replyId)) return undefined;
      return { type: "message", role: "assistant", content: [{ type: "output_text", text: message.text }] };
    }
  }
}
