import type { ContactState, DueClass } from "../domain/contact.ts";
import { type Definition, dispositionRule, type NextStep } from "../domain/definition.ts";
import { assertNever } from "../domain/exhaustive.ts";
import type { Decision } from "./decide-disposition.ts";

/** What happens to the contact next. */
export type FollowUp =
  | { state: Extract<ContactState, "done" | "exhausted" | "held"> }
  | { state: "waiting"; dueClass: DueClass; atMs: number; because: string };

export interface FollowUpInput {
  decision: Decision;
  definition: Definition;
  /** Attempts that count, this one included. */
  attemptsUsed: number;
  /** How often this disposition came before for this contact, this time excluded. */
  sameBefore: number;
  /** Callbacks already promised to this contact, this one excluded. */
  callbacksBefore: number;
  /** The instant the person named, when the disposition carries one. */
  callbackAtMs: number | null;
  /** No sooner than this after now, whatever the retry plan says. */
  minGapMs: number;
  nowMs: number;
}

/** A person who keeps asking to be called later is called back this often at most. */
const maxCallbacks = 3;
/** After an attempt whose fate is unknown, nobody is rung again before this (docs/reliability.md R1.4). */
export const unknownGapMs = 4 * 3_600_000;
/** A try that did not count (nothing was dialed) is repeated after this. */
const uncountedGapMs = 60_000;

/**
 * Plans what follows a disposition. Delays come from the campaign's retry plan and widen with each repetition; a
 * promised callback is kept even when the attempts are used up, because the person asked for it. The gate decides
 * later whether the law allows the instant chosen here.
 */
export function planFollowUp(input: FollowUpInput): FollowUp {
  const next: NextStep = dispositionRule(input.definition, input.decision.disposition)?.then ?? "done";
  switch (next) {
    case "hold":
      return { state: "held" };
    case "callback":
      return callback(input);
    case "retry":
      return retry(input);
    case "done":
    case "suppress":
      return { state: input.decision.reached ? "done" : "exhausted" };
    default:
      return assertNever(next, "next step");
  }
}

function callback(input: FollowUpInput): FollowUp {
  if (input.callbackAtMs === null || input.callbacksBefore >= maxCallbacks) return { state: "done" };
  return {
    state: "waiting",
    dueClass: "callback",
    atMs: Math.max(input.callbackAtMs, input.nowMs + uncountedGapMs),
    because: "callback_promised",
  };
}

function retry(input: FollowUpInput): FollowUp {
  if (!input.decision.counts) return { state: "waiting", dueClass: "retry", atMs: input.nowMs + uncountedGapMs, because: "not_dialed" };
  const over: FollowUp = { state: input.decision.reached ? "done" : "exhausted" };
  if (input.attemptsUsed >= input.definition.limits.attempts) return over;
  const delays = retryDelaysMs(input.definition, input.decision.disposition);
  const delayMs = delays[Math.min(input.sameBefore, delays.length - 1)];
  if (delayMs === undefined) return over;
  return { state: "waiting", dueClass: "retry", atMs: input.nowMs + Math.max(delayMs, input.minGapMs), because: `retry_after_${input.decision.disposition}` };
}

/** The delays of the retry plan that fit a disposition; a campaign that names none does not retry. */
function retryDelaysMs(definition: Definition, disposition: string): readonly number[] {
  const plan = definition.retry;
  switch (disposition) {
    case "no_answer":
    case "abandoned":
      return plan.no_answer;
    case "busy":
      return plan.busy;
    case "voicemail":
      return plan.voicemail;
    case "unreachable":
    case "carrier_announcement":
      return plan.not_reached.length > 0 ? plan.not_reached : plan.no_answer;
    default:
      return plan.failed;
  }
}
