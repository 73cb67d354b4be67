import { dropForeseen, dropReply } from "./conversation-reply.ts";
import { change, type EventOf, type Step } from "./conversation-state.ts";
import { recordTool, runTool } from "./conversation-tools.ts";
import type { ToolCall } from "./ports.ts";

/*
 * What an answer records is what the callee has said before it. It counts also when nobody hears the answer to its end:
 * whoever promises, says goodbye over the thanks and hangs up has promised. Tools that do anything else need the answer
 * to have been heard.
 */

/** An answer that lost its listener before it was complete: its words are void, its records are waited for. */
export interface LeftReply {
  readonly id: string;
  readonly calls: readonly ToolCall[];
  readonly leftAtMs: number;
}

/** Carries out the records of a complete answer whose speech the callee has stopped; its other tools wait for the floor. */
export function recordAtOnce(step: Step): void {
  const { reply } = step.state;
  const records = reply?.calls.filter((call) => call.name === recordTool) ?? [];
  if (!reply || records.length === 0) return;
  change(step, { reply: { ...reply, calls: reply.calls.filter((call) => call.name !== recordTool), hasRecorded: true } });
  for (const call of records) if (!step.state.closing) runTool(step, call, reply.clauses > 0);
}

/** Gives up the words of the answer in the making. A model that speaks by itself must be stopped for that; any other may finish unheard. */
export function leaveReply(step: Step): void {
  const { reply, left, plan } = step.state;
  if (!reply) return;
  const mayFinish = !reply.speculative && !reply.done && plan.providers.speechModel !== true;
  if (!mayFinish) return dropReply(step);
  if (left) step.effects.push({ do: "stop_thinking", replyId: left.id });
  dropForeseen(step);
  change(step, { reply: { ...reply, done: true } });
  dropReply(step);
  change(step, { left: { id: reply.id, calls: reply.calls, leftAtMs: step.atMs } });
}

export function onLeftCall(step: Step, event: EventOf<"brain_call">): void {
  const { left } = step.state;
  if (left?.id === event.replyId) change(step, { left: { ...left, calls: [...left.calls, event.call] } });
}

/** It is complete: what it records counts, unless a later answer has recorded something already. */
export function onLeftDone(step: Step, replyId: string): void {
  const { left, history } = step.state;
  if (left?.id !== replyId) return;
  change(step, { left: null });
  if (history.some((entry) => entry.kind === "tool" && entry.call.name === recordTool && entry.atMs >= left.leftAtMs)) return;
  for (const call of left.calls) if (call.name === recordTool) runTool(step, call, false);
}
