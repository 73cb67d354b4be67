import { answerWords, offersChoice } from "./answer-text.ts";
import { bareWords } from "./backchannel.ts";
import type { HistoryEntry } from "./conversation-state.ts";
import { soundSkeleton } from "./sound-skeleton.ts";
import { isSameValue, type Question, type Said, valuesSaid } from "./spoken-answer.ts";

/*
 * What the model passes on as an answer must have been said by the person, or pressed on the keys: a model that guesses,
 * or that repeats what it was told elsewhere, verifies nobody.
 */

/** An answer may be spread over this many turns at most ("nineteen" … "eighty five"; "haan, 1985" … "yes, tell me"). */
const mostTurnsOfAnAnswer = 6;

/** The callee's turns after the first `skipped`, the last few of them. */
export function turnsSaid(history: readonly HistoryEntry[], skipped: number): readonly string[] {
  const all = history.flatMap((entry) => (entry.kind === "callee" ? [entry.text] : entry.kind === "earlier" && entry.turn.speaker === "callee" ? [entry.turn.text] : []));
  return all.slice(skipped).slice(-mostTurnsOfAnAnswer);
}

/** Whether the person's own words give the value, and none beside it but what belongs to the other answers passed on with it. */
export function wasSaid(question: Question, said: Said, turns: readonly string[], passedOn: readonly string[]): boolean {
  if (said.kind === "text") return wasSpoken(said.text, turns);
  if (said.kind === "boolean") return turns.length > 0;
  const read = stretches(turns).map((text) => valuesSaid(question, text)).filter((values) => values.length > 0);
  if (read.length === 0) return turns.some(hasUnreadScript);
  const accounted = passedOn.flatMap((text) => valuesSaid(question, text));
  return read.some((values) => values.some((value) => isSameValue(value, said)) && values.every((value) => accounted.some((other) => isSameValue(value, other))));
}

/** Every turn by itself, and the last two, three … of them as one. */
function stretches(turns: readonly string[]): readonly string[] {
  return [...turns, ...turns.map((_, at) => turns.slice(at).join(" , "))];
}

/**
 * Number words of these scripts are not read here: an answer in Tamil is taken as the model understood it. It does not
 * know the value either, and each try still counts.
 */
function hasUnreadScript(text: string): boolean {
  return /[\u0980-\u0d7f]/.test(text);
}

/** Whether the words of a text were spoken, in whatever script. A turn that offers a choice ("Suresh or Mahesh") gives no answer. */
function wasSpoken(text: string, turns: readonly string[]): boolean {
  const spoken = bareWords(turns.filter((turn) => !offersChoice(turn)).join(" "));
  const words = new Set(spoken);
  const sounds = new Set(spoken.map(soundSkeleton).filter((skeleton) => skeleton !== ""));
  const own = answerWords(text);
  return own.every((word) => words.has(word) || sounds.has(soundSkeleton(word))) || spoken.join("").includes(own.join(""));
}
