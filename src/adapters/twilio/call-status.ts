import type { AnsweredBy } from "../../domain/attempt.ts";
import type { CallEnding } from "../../domain/call-fact.ts";

/** What one of Twilio's call statuses says (REST `status` and callback `CallStatus` together). */
export type StatusMeaning =
  | { kind: "queued" }
  | { kind: "initiated" }
  | { kind: "ringing" }
  | { kind: "answered" }
  | { kind: "ended"; ending: CallEnding };

const meanings: Readonly<Record<string, StatusMeaning>> = {
  queued: { kind: "queued" },
  initiated: { kind: "initiated" },
  ringing: { kind: "ringing" },
  "in-progress": { kind: "answered" },
  answered: { kind: "answered" },
  completed: { kind: "ended", ending: "completed" },
  busy: { kind: "ended", ending: "busy" },
  "no-answer": { kind: "ended", ending: "no_answer" },
  failed: { kind: "ended", ending: "failed" },
  canceled: { kind: "ended", ending: "canceled" },
};

/** The meaning of a status, or undefined for a word we do not know. */
export function statusMeaning(status: string): StatusMeaning | undefined {
  return meanings[status];
}

/** Twilio's verdict about who picked up (`AnsweredBy`): `human`, `machine_…`, `fax` or `unknown`. */
export function answeredByFrom(word: string | null | undefined): AnsweredBy {
  if (word === "human") return "person";
  if (word?.startsWith("machine")) return "voicemail";
  return word === "fax" ? "fax" : "unknown";
}
