import type { DateTime } from "luxon";

/**
 * What the law and the limits say about one call at one instant.
 * `never` beats `wait`, the latest `wait` wins, otherwise `call` (see `rules/combine`).
 */
export type Verdict =
  | { kind: "call" }
  | { kind: "wait"; until: DateTime<true>; because: Because }
  | { kind: "never"; because: Because; untilLifted?: true };

/** How a verdict is written into the evidence. What somebody may lift, nobody knows when, is a wait without an end: a call may follow it. */
export function decisionOf(verdict: Verdict): "call" | "wait" | "never" {
  return verdict.kind === "never" && verdict.untilLifted ? "wait" : verdict.kind;
}

/** Which rule spoke and what it said; `code` is stable and shown to operators, `detail` is a plain sentence. */
export interface Because {
  ruleId: string;
  code: string;
  detail: string;
}
