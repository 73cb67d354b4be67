/** What a callee means to do, as it said it: the witness that journeys compare the database with. */
export type Intent =
  | { kind: "promise_to_pay"; amountPaise: number; date: string }
  | { kind: "callback"; at: string }
  | { kind: "already_paid"; amountPaise: number; date: string }
  | { kind: "dispute" | "opt_out" | "wrong_number" | "not_verified" | "hardship" | "robot_question" | "attends" | "not_interested" | "no_words" };

/** A call's status as the carrier's REST interface shows it; `initiated` exists in callbacks only. */
export const callStatuses = ["queued", "initiated", "ringing", "in-progress", "completed", "busy", "no-answer", "failed", "canceled"] as const;
export type CallStatus = (typeof callStatuses)[number];

/** Who ended a call, as the wire knows it. */
export type HungUpBy = "callee" | "twiml" | "rest" | "carrier";

/** What the callee thinks of being recorded at the moment a recording begins. */
export type RecordingConsent = "given" | "refused" | "notice_heard" | "none";

/** Something the product did that a real carrier, speech or language service would refuse, or that must not happen. */
export type LedgerErrorCode =
  | "unknown_twiml"
  | "bad_twiml"
  | "bad_parameter"
  | "unknown_route"
  | "unauthorised"
  | "bad_media_message"
  | "binary_media_frame"
  | "media_overflow"
  | "stream_refused"
  | "stream_without_token"
  | "webhook_failed"
  | "unsigned_request_accepted"
  | "second_live_call"
  | "rang_outside_window"
  | "recording_without_consent"
  | "amd_without_callback"
  | "service_misuse";

export type LedgerFact =
  | { kind: "request"; method: string; path: string; form: Readonly<Record<string, string | string[]>>; status: number | null }
  | { kind: "created"; to: string; from: string; persona: string; form: Readonly<Record<string, string | string[]>> }
  | { kind: "status"; status: CallStatus }
  | { kind: "ended"; status: CallStatus; hungUpBy: HungUpBy; sipCode: number | null; durationSeconds: number }
  | { kind: "webhook"; purpose: string; url: string; form: Readonly<Record<string, string>>; attempt: number; status: number | null; error: string | null; tookMs: number }
  | { kind: "verb"; verb: string; text: string }
  | { kind: "stream"; streamSid: string; change: "connecting" | "started" | "stopped" | "cut" | "closed_by_server" | "refused" }
  | { kind: "sent"; word: string; streamSid: string }
  | { kind: "heard"; word: string; startSample: number; endSample: number }
  | { kind: "unintelligible"; startSample: number; endSample: number }
  | { kind: "said"; text: string; startSample: number; endSample: number; finished: boolean }
  | { kind: "pressed"; digit: string }
  | { kind: "mark"; name: string; streamSid: string; playedMs: number; cleared: boolean }
  | { kind: "clear"; streamSid: string; droppedMs: number; playedMs: number }
  | { kind: "recording"; recordingSid: string; change: "started" | "paused" | "resumed" | "stopped" | "deleted"; consent: RecordingConsent }
  | { kind: "recording_answer"; answer: "yes" | "no" }
  | { kind: "intent"; intent: Intent }
  | { kind: "answered_by"; answeredBy: string; detectionMs: number }
  | { kind: "fault"; fault: string }
  | { kind: "service"; service: string; what: string; fields: Readonly<Record<string, unknown>> }
  | { kind: "error"; code: LedgerErrorCode; detail: string };

/** One line of the ledger: when, about which call, what. */
export type LedgerEvent = LedgerFact & { atMs: number; callSid: string | null };
export type LedgerKind = LedgerFact["kind"];
export type EventOf<K extends LedgerKind> = Extract<LedgerEvent, { kind: K }>;
