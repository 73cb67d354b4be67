import type { AnsweredBy, AttemptState, FailureClass, HangupBy } from "../domain/attempt.ts";
import type { CallEnding } from "../domain/call-fact.ts";
import type { EndReason } from "../domain/conversation.ts";
import { assertNever } from "../domain/exhaustive.ts";

/** What is known of an attempt when nothing more is to come. */
export interface FinishedAttempt {
  state: Extract<AttemptState, "ended" | "rejected" | "closed_unknown">;
  ending: CallEnding | null;
  /** Why the call ended, as the answer of SIP that the carrier passes on ("404"). */
  carrierCode: string | null;
  /** Why the carrier did not take the call: "invalid_number", or its own code, which means nothing here. */
  refusalCode: string | null;
  answeredBy: AnsweredBy;
  /** Who the spine says cut the call, before any conversation. */
  hangupBy: HangupBy | null;
  failureClass: FailureClass | null;
  /** The person let it be known on this call that no further one is wanted, in a conversation or before one. */
  optedOut: boolean;
  conversation: FinishedConversation | null;
}

export interface FinishedConversation {
  endReason: EndReason;
  disposition: string | null;
  answeredBy: AnsweredBy;
  optedOut: boolean;
  calleeSpoke: boolean;
}

export interface Decision {
  disposition: string;
  /** A person was on the line and the conversation came to something. */
  reached: boolean;
  /** Whether this try counts against the contact's attempts. */
  counts: boolean;
  failureClass: FailureClass | null;
}

/** SIP answers that mean the number itself is wrong; trying again cannot help. */
const wrongNumberCodes: ReadonlySet<string> = new Set(["404", "410", "484", "604"]);
/** SIP answers of a phone that is switched off or out of coverage. */
const unreachableCodes: ReadonlySet<string> = new Set(["408", "430", "480", "504"]);

/** Says what came of an attempt. A conversation's own word goes first; the carrier's ending explains the rest. */
export function decideDisposition(attempt: FinishedAttempt): Decision {
  if (attempt.optedOut) return reached("opted_out");
  if (attempt.conversation) return fromConversation(attempt.conversation);
  switch (attempt.state) {
    case "rejected":
      return attempt.refusalCode === "invalid_number"
        ? notReached("invalid_number", "callee")
        : { ...notReached("failed", attempt.failureClass ?? "platform"), counts: false };
    case "closed_unknown":
      return notReached("failed", "carrier");
    case "ended":
      return fromEnding(attempt);
    default:
      return assertNever(attempt.state, "final attempt state");
  }
}

function fromConversation(conversation: FinishedConversation): Decision {
  if (conversation.optedOut) return reached("opted_out");
  if (conversation.disposition !== null) {
    const machine = conversation.disposition === "voicemail" || conversation.disposition === "carrier_announcement";
    return machine ? notReached(conversation.disposition, "callee") : reached(conversation.disposition);
  }
  if (conversation.answeredBy === "voicemail" || conversation.answeredBy === "fax") return notReached("voicemail", "callee");
  if (conversation.answeredBy === "carrier_announcement") return notReached("carrier_announcement", "callee");
  switch (conversation.endReason) {
    case "technical_failure":
    case "line_lost":
      return notReached("technical_failure", "platform");
    case "voicemail":
      return notReached("voicemail", "callee");
    case "carrier_announcement":
      return notReached("carrier_announcement", "callee");
    case "opted_out":
      return reached("opted_out");
    case "callee_silent":
    case "callee_hung_up":
      return conversation.calleeSpoke ? reached("no_disposition") : notReached("abandoned", "callee");
    case "agent_goodbye":
    case "max_duration":
    case "operator":
      return conversation.calleeSpoke ? reached("no_disposition") : notReached("no_answer", "callee");
    default:
      return assertNever(conversation.endReason, "end reason");
  }
}

function fromEnding(attempt: FinishedAttempt): Decision {
  const code = attempt.carrierCode ?? "";
  switch (attempt.ending) {
    case "busy":
      return notReached("busy", "callee");
    case "no_answer":
      return notReached(unreachableCodes.has(code) ? "unreachable" : "no_answer", "callee");
    case "failed":
      if (wrongNumberCodes.has(code)) return notReached("invalid_number", "callee");
      return unreachableCodes.has(code) ? notReached("unreachable", "callee") : notReached("failed", "carrier");
    case "canceled":
      return { ...notReached("no_answer", "platform"), counts: attempt.hangupBy !== "operator" && attempt.hangupBy !== "platform" };
    case "completed":
    case null:
      if (attempt.answeredBy === "voicemail" || attempt.answeredBy === "fax") return notReached("voicemail", "callee");
      if (attempt.answeredBy === "carrier_announcement") return notReached("carrier_announcement", "callee");
      return attempt.hangupBy === "callee" ? notReached("abandoned", "callee") : notReached("technical_failure", "platform");
    default:
      return assertNever(attempt.ending, "call ending");
  }
}

const reached = (disposition: string): Decision => ({ disposition, reached: true, counts: true, failureClass: null });

const notReached = (disposition: string, failureClass: FailureClass): Decision => ({
  disposition,
  reached: false,
  counts: true,
  failureClass,
});
