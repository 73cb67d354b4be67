import { noteTurn } from "./conversation-answering.ts";
import { change, type ConversationState, type Step } from "./conversation-state.ts";
import { followLanguage } from "./language-choice.ts";

/** Writes a turn of the callee down and learns from it who speaks and in which language; answers when the speech ended. */
export function keepTurn(step: Step, text: string, heard: { callee: ConversationState["callee"]; silentForMs: number | null }): number {
  const silentForMs = Math.max(0, heard.silentForMs ?? (heard.callee.speaking ? step.atMs - heard.callee.wordsAtMs : 0));
  const startedAtMs = heard.callee.speaking ? heard.callee.startedAtMs : step.atMs - silentForMs;
  const endedAtMs = Math.max(startedAtMs, step.atMs - silentForMs);
  const isMachine = noteTurn(step, text);
  change(step, { history: [...step.state.history, { kind: "callee", text, startedAtMs, endedAtMs }], silencePrompts: 0 });
  if (!isMachine) change(step, { language: followLanguage(step.state.language, text, step.state.plan.definition.languages) });
  return endedAtMs;
}
