import { isOptOutEntry, optOutKey } from "../domain/opt-out-key.ts";
import { optOut } from "./conversation-ending.ts";
import { change, type EventOf, setTimer, type Step } from "./conversation-state.ts";
import { onHearing } from "./conversation-turn-taking.ts";
import { keepTurn } from "./keep-turn.ts";

const mostDigits = 32;
/** While the answer of a verification is awaited, keys pressed so soon after an entry may go on with it. */
const slowKeysMs = 6_000;
/** From so many keys on an answer is whole: a year, the last four of a number. */
const wholeAnswer = 4;
/** Right after other keys of an answer, a 9 is an opt-out only when it stays alone for so long. */
const loneKeyMs = 5_000;

/** Keys are gathered for a moment: a lone 9 is an opt-out, a 9 within a number is part of the number. */
export function onDigit(step: Step, event: EventOf<"digit">): void {
  change(step, { digits: (step.state.digits + event.digit).slice(-mostDigits) });
  if (step.state.phase === "talking") setTimer(step, "digits", step.state.plan.timings.digitGapMs);
}

/** Keys pressed before the conversation began count from now on. */
export function onKeypadOpened(step: Step): void {
  if (step.state.digits !== "") setTimer(step, "digits", step.state.plan.timings.digitGapMs);
}

/** No key came for a moment, so the entry is complete: it is an opt-out, or it counts as what the callee said. */
export function onDigitsOver(step: Step): void {
  const { digits, keyed } = step.state;
  if (digits === "") return;
  const begun = keysBefore(step);
  const answer = begun !== null && begun.length < wholeAnswer ? begun + digits : digits;
  const isWhole = answer !== digits && answer.length >= wholeAnswer;
  if (digits === optOutKey && begun !== null && !isWhole && !keyed?.held) return holdKey(step, begun);
  change(step, { digits: "", keyed: { digits: answer, atMs: step.atMs, held: false } });
  if (isOptOut(step, digits, begun) && !isWhole) return optOut(step, "pressed");
  takeEntry(step, answer);
}

/** A 9 on its own is an opt-out; more of them, when no number is awaited or the first one was pressed by itself. */
function isOptOut(step: Step, digits: string, begun: string | null): boolean {
  if (digits === optOutKey) return true;
  return isOptOutEntry(digits) && (!awaitsAnswer(step) || begun !== null);
}

/** The keys of an answer that were pressed just before; null when there are none or no answer is awaited. */
function keysBefore(step: Step): string | null {
  const { keyed } = step.state;
  return keyed !== null && awaitsAnswer(step) && step.atMs - keyed.atMs <= slowKeysMs + step.state.plan.timings.digitGapMs ? keyed.digits : null;
}

function awaitsAnswer(step: Step): boolean {
  const { plan, verification } = step.state;
  return plan.definition.verify !== undefined && !verification.verified && verification.attemptsLeft > 0;
}

function holdKey(step: Step, begun: string): void {
  change(step, { keyed: { digits: begun, atMs: step.atMs, held: true } });
  setTimer(step, "digits", loneKeyMs);
}

/** What is being said while keys are pressed goes on; its end will be answered with the keys in mind. */
function takeEntry(step: Step, text: string): void {
  const { callee, plan } = step.state;
  const silentForMs = plan.timings.digitGapMs;
  if (callee.speaking && callee.text.trim() !== "") keepTurn(step, text, { callee: { ...callee, speaking: false }, silentForMs });
  else onHearing(step, { kind: "hearing", atMs: step.atMs, hearing: { kind: "ended", text, languages: [], silentForMs } });
}
