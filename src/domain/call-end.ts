import type { HangupBy } from "./attempt.ts";
import type { EndReason } from "./conversation.ts";

/** Who ended a call, as dialing noted it and as its conversation saw it; null: not noted, or there was no conversation. */
export interface CallEndNotes {
  notedBy: HangupBy | null;
  conversationBy: HangupBy | null;
  endReason: EndReason | null;
}

/**
 * Who ended a call, and why its conversation is over. The conversation's word goes first, but it takes every line that
 * closes under it for the person's doing: when we had asked the carrier to end the call, it was us.
 */
export function callEnd({ notedBy, conversationBy, endReason }: CallEndNotes): { hangupBy: HangupBy | null; endReason: EndReason | null } {
  if (conversationBy !== "callee" || (notedBy !== "platform" && notedBy !== "operator")) return { hangupBy: conversationBy ?? notedBy, endReason };
  const ours: EndReason = notedBy === "operator" ? "operator" : "line_lost";
  return { hangupBy: notedBy, endReason: endReason === "callee_hung_up" ? ours : endReason };
}
