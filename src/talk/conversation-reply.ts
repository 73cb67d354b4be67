import { cancelTimers, change, type Reply, type Step } from "./conversation-state.ts";
import { discard } from "./conversation-playback.ts";

export function changeReply(step: Step, part: Partial<Reply>): void {
  if (step.state.reply) change(step, { reply: { ...step.state.reply, ...part } });
}

/** Gives up the answer in the making: the model stops, and what was prepared and never heard is forgotten. */
export function dropReply(step: Step): void {
  const reply = step.state.reply;
  if (!reply) return;
  if (!reply.done) step.effects.push({ do: "stop_thinking", replyId: reply.id });
  if (reply.utteranceId !== null) discard(step, reply.utteranceId);
  change(step, { reply: null });
  cancelTimers(step, "first_word", "word_gap");
}
