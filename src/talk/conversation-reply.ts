import { cancelTimers, change, type Reply, type Step } from "./conversation-state.ts";
import { discard } from "./conversation-playback.ts";

export function changeReply(step: Step, part: Partial<Reply>): void {
  if (step.state.reply) change(step, { reply: { ...step.state.reply, ...part } });
}

/** The words of the answer in the making go on under another utterance's name. */
export function renameReplyUtterance(step: Step, from: string, to: string): void {
  const reply = step.state.reply;
  const renamed = (utteranceId: string | null): string | null => (utteranceId === from ? to : utteranceId);
  if (reply) changeReply(step, { utteranceId: renamed(reply.utteranceId), rehearsed: reply.rehearsed.map((round) => ({ ...round, utteranceId: renamed(round.utteranceId) })) });
  const { foreseen } = step.state;
  if (foreseen) change(step, { foreseen: { ...foreseen, reply: { ...foreseen.reply, utteranceId: renamed(foreseen.reply.utteranceId) } } });
}

/** Gives up the answer that was foreseen beside another. */
export function dropForeseen(step: Step): void {
  const { foreseen } = step.state;
  if (!foreseen) return;
  if (!foreseen.reply.done) step.effects.push({ do: "stop_thinking", replyId: foreseen.reply.id });
  if (foreseen.reply.utteranceId !== null) discard(step, foreseen.reply.utteranceId);
  change(step, { foreseen: null });
}

/** Gives up the answer in the making: the model stops, and what was prepared and never heard is forgotten. */
export function dropReply(step: Step): void {
  dropForeseen(step);
  const reply = step.state.reply;
  if (!reply) return;
  if (!reply.done) step.effects.push({ do: "stop_thinking", replyId: reply.id });
  for (const { utteranceId } of [...reply.rehearsed, reply]) if (utteranceId !== null) discard(step, utteranceId);
  change(step, { reply: null });
  cancelTimers(step, "first_word", "word_gap");
}
