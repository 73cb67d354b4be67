import type { AnsweredBy } from "./attempt.ts";

/** How the carrier says a call ended. */
export const callEndings = ["completed", "busy", "no_answer", "failed", "canceled"] as const;
export type CallEnding = (typeof callEndings)[number];

/** Who says so: the carrier itself, or our own inference from silence. The carrier always wins. */
export type FactAuthority = "carrier" | "inferred";

/**
 * One thing the carrier told about a call, already verified and translated; never a phone number or a name.
 * Facts are kept as they came and folded into the attempt in any order, any number of times.
 */
export type CallFact = { callSid: string; authority: FactAuthority; atMs: number; sequence: number } & (
  | { kind: "initiated" }
  | { kind: "ringing" }
  | { kind: "answered" }
  | { kind: "ended"; ending: CallEnding; durationSeconds: number | null; carrierCode: string | null; pricePaise: number | null }
  | { kind: "answered_by"; answeredBy: AnsweredBy; detectionMs: number | null }
  | { kind: "recording"; recordingSid: string; state: "in_progress" | "completed" | "absent"; durationSeconds: number | null }
);
