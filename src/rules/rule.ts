import type { CampaignFacts, GateFacts } from "./facts.ts";

/** How sure the sources are: several independent ones, one, general knowledge, they disagree, or no law asks for it (the product's own policy). */
export type Certainty = "several_sources" | "one_source" | "general_knowledge" | "sources_disagree" | "own_policy";

/** What one rule says of one instant. `untilMs` is the first instant at which the rule no longer says wait. */
export type RuleVerdict =
  | { kind: "call" }
  | { kind: "wait"; untilMs: number; code: string; detail: string }
  /** `untilLifted`: no instant ends it, but somebody may; until then it refuses like every other never. */
  | { kind: "never"; code: string; detail: string; untilLifted?: true };

interface RuleText {
  /** Stable name, shown to operators and written into evidence. */
  id: string;
  title: string;
  citations: readonly string[];
  certainty: Certainty;
  /** IST dates "YYYY-MM-DD"; from the start of `from` to before the start of `to`; null: open. */
  inForce: { from: string; to: string | null };
}

/** A rule that needs no contact: what it refuses stands for the whole campaign. */
export interface CampaignRule extends RuleText {
  about: "campaign";
  decide(facts: CampaignFacts, nowMs: number): RuleVerdict;
}

/** A rule about one person. Its `never` is lasting: with the same facts it says never at every later instant too. */
export interface ContactRule extends RuleText {
  about: "contact";
  decide(facts: GateFacts, nowMs: number): RuleVerdict;
}

/**
 * One duty, in one file. Pure: it reads its arguments and nothing else. Only a rule that never says `never` may have
 * an end of force, because a `never` has no end.
 */
export type Rule = CampaignRule | ContactRule;

const call: RuleVerdict = { kind: "call" };

export function mayCall(): RuleVerdict {
  return call;
}

export function waitUntil(untilMs: number, code: string, detail: string): RuleVerdict {
  return { kind: "wait", untilMs, code, detail };
}

export function never(code: string, detail: string): RuleVerdict {
  return { kind: "never", code, detail };
}

/** Refuses as firmly as `never` until somebody lifts it, nobody knows when. It is written down as a wait without an end. */
export function heldUp(code: string, detail: string): RuleVerdict {
  return { kind: "never", code, detail, untilLifted: true };
}

/** The answer of a rule that cannot decide: fail closed, naming what is missing. */
export function cannotDecide(fact: keyof GateFacts): RuleVerdict {
  return never("fact_missing", `cannot decide: ${fact} is not known`);
}
