import type { DateTime } from "luxon";
import type { E164 } from "../domain/phone-number.ts";
import type { GateFacts } from "../rules/facts.ts";
import { judge, type Judgement } from "../rules/judge.ts";

/** A judgement and the number it was made for. */
export interface CallerJudgement {
  callerNumber: E164 | null;
  facts: GateFacts;
  judgement: Judgement;
}

/**
 * A call that would begin in the last moments of a window could ring after it, on the carrier's side of the line: it
 * must be allowed now and still be allowed this much later.
 */
export const ringLeadMs = 3_000;

/**
 * Judges a call for each caller number in turn and answers the first that may be presented; when none may, what was
 * said about the first. `callerNumber` null in the facts stands for a pool without numbers.
 */
export function judgeCallers(numbers: readonly (E164 | null)[], factsFor: (number: E164 | null) => GateFacts, now: DateTime<true>): CallerJudgement {
  let first: CallerJudgement | undefined;
  for (const callerNumber of numbers) {
    const facts = factsFor(callerNumber);
    const judged = { callerNumber, facts, judgement: judgeThrough(facts, now) };
    if (judged.judgement.verdict.kind === "call") return judged;
    first ??= judged;
  }
  if (!first) throw new Error("expected at least one caller number, or null for none, to judge");
  return first;
}

/** The judgement of a call that starts now and may ring a moment later. */
export function judgeThrough(facts: GateFacts, now: DateTime<true>): Judgement {
  const judgement = judge(facts, now);
  if (judgement.verdict.kind !== "call") return judgement;
  const atRing = judge(facts, now.plus(ringLeadMs));
  return atRing.verdict.kind === "call" ? judgement : atRing;
}
