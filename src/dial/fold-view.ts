import type { AnsweredBy, FailureClass } from "../domain/attempt.ts";
import type { CallEnding } from "../domain/call-fact.ts";
import type { CallFold } from "./fold.ts";

/** The columns of `attempts` that are nothing but the fold, shown flat. */
export interface FoldView {
  ringing_at: Date | null;
  answered_at: Date | null;
  ended_at: Date | null;
  ending: CallEnding | null;
  carrier_code: string | null;
  duration_seconds: number | null;
  answered_by: AnsweredBy;
  recording_sid: string | null;
  failure_class: FailureClass | null;
}

/** What the fold shows. Pure, so that a row can always be computed again from its facts. */
export function foldView(fold: CallFold): FoldView {
  const end = fold.carrierEnd ?? fold.inferredEnd;
  return {
    ringing_at: instant(fold.ringingAtMs),
    answered_at: instant(fold.answeredAtMs),
    ended_at: instant(end?.atMs ?? null),
    ending: end?.ending ?? null,
    carrier_code: end?.carrierCode ?? null,
    duration_seconds: end?.durationSeconds ?? null,
    answered_by: fold.answeredBy,
    recording_sid: fold.recordingSid,
    failure_class: end === null ? null : failureClass(end.ending, end.carrierCode),
  };
}

/** Whether two views differ in anything a receiver of outcomes could see; a late price counts too. */
export function foldChanged(before: CallFold, after: CallFold): boolean {
  return before.pricePaise !== after.pricePaise || JSON.stringify(foldView(before)) !== JSON.stringify(foldView(after));
}

/** SIP answers that come from the callee's side, such as a dead number, a busy or a declining phone: not the carrier's fault (RFC 3261 §21). */
const calleeFaults: ReadonlySet<string> = new Set(["404", "410", "480", "484", "486", "487", "600", "603", "604"]);

/** Who is to blame that a call did not become a conversation. */
export function failureClass(ending: CallEnding, carrierCode: string | null): FailureClass | null {
  switch (ending) {
    case "completed":
      return null;
    case "busy":
    case "no_answer":
      return "callee";
    case "canceled":
      return "platform";
    case "failed":
      return carrierCode !== null && calleeFaults.has(carrierCode) ? "callee" : "carrier";
  }
}

function instant(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
