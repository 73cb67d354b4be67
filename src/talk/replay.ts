import { reduce } from "./conversation.ts";
import type { Effect } from "./conversation-events.ts";
import { type ConversationState, waitingState } from "./conversation-state.ts";
import type { Recording } from "./recording.ts";

/** Plays a recorded call again, offline: the same events give the same states and effects. */
export function replay(recording: Recording): { state: ConversationState; effects: readonly Effect[] } {
  let state = waitingState(recording.plan, recording.earlier ?? undefined);
  const effects: Effect[] = [];
  for (const event of recording.events) {
    const step = reduce(state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}
