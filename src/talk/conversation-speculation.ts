import { release } from "./conversation-playback.ts";
import { change, type ConversationState, type HistoryEntry, type RehearsedRound, type Step } from "./conversation-state.ts";
import { runTool } from "./conversation-tools.ts";
import { keepTurn } from "./keep-turn.ts";
import type { ToolCall } from "./ports.ts";

/*
 * A reply is prepared while the callee may still go on. The model is asked as if the turn had ended, and when it calls a
 * tool, the tool runs on a copy of the state: its answer goes back to the model, everything else it does is thrown away
 * with the copy. When the turn ends as guessed, the tools run for good; the prepared words are kept only if they then
 * answer as they did on the copy. So a speculation that is given up has changed, written and said nothing.
 */

/** What a speculation supposes: the state behind the end of the turn and the rounds so far, and their tools' answers. */
export interface Supposed {
  state: ConversationState;
  results: readonly (readonly string[])[];
}

/** Plays the end of a turn and the tools after it on a copy; undefined when they would end the call, so that nothing is left to prepare. */
export function suppose(step: Step, text: string, rounds: readonly Pick<RehearsedRound, "utteranceId" | "clauses" | "calls">[]): Supposed | undefined {
  const copy: Step = { state: { ...step.state, reply: null }, effects: [], atMs: step.atMs };
  keepTurn(copy, text, { callee: step.state.callee, silentForMs: null });
  const results: (readonly string[])[] = [];
  let said = false;
  for (const round of rounds) {
    if (round.utteranceId !== null) change(copy, { history: [...copy.state.history, { kind: "agent", utteranceId: round.utteranceId }] });
    said ||= round.clauses > 0;
    const ran = runTools(copy, round.calls, said);
    if (!ran.goOn) return undefined;
    results.push(ran.results);
  }
  return { state: copy.state, results };
}

/**
 * The turn has ended as guessed: what was rehearsed happens for good. Where a tool answers differently now, the rounds
 * behind it are void: answers how many took place, or null when the model is not to go on.
 */
export function performRehearsed(step: Step, rounds: readonly RehearsedRound[]): { asRehearsed: true } | { asRehearsed: false; rounds: number | null; said: boolean } {
  let said = false;
  for (const [index, round] of rounds.entries()) {
    if (round.utteranceId !== null) release(step, round.utteranceId);
    said ||= round.clauses > 0;
    const ran = runTools(step, round.calls, said);
    const isSame = ran.results.length === round.results.length && ran.results.every((result, at) => result === round.results[at]);
    if (!ran.goOn || !isSame) return { asRehearsed: false, rounds: ran.goOn ? index + 1 : null, said };
  }
  return { asRehearsed: true };
}

/** Runs the tools of one answer, in order, until one ends the call; answers what they said and whether the model is to go on. */
export function runTools(step: Step, calls: readonly ToolCall[], saidWithThem: boolean): { goOn: boolean; results: readonly string[] } {
  const before = step.state.history.length;
  let goOn = calls.length > 0;
  for (const call of calls) {
    if (!step.state.closing) goOn = runTool(step, call, saidWithThem).goOn && goOn;
  }
  const results = step.state.history.slice(before).flatMap((entry: HistoryEntry) => (entry.kind === "tool" ? [entry.result] : []));
  return { goOn: goOn && step.state.closing === null, results };
}
