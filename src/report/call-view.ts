import { z } from "zod";
import type { Db } from "../db/database.ts";
import type { RecordingConsent } from "../db/tables.ts";
import { callEnd } from "../domain/call-end.ts";
import { definitionSchema } from "../domain/definition.ts";
import { Refusal } from "../domain/errors.ts";
import { type AccountId, type ContactId, looksLikeId } from "../domain/ids.ts";
import { istText, istTextOrNull } from "../domain/ist-text.ts";
import { rupeesFromPaise } from "../domain/money.ts";
import { cutPage } from "../domain/page.ts";
import { recordingNotice, type Spoken } from "../domain/recording-notice.ts";
import { shownFields } from "../domain/shown-fields.ts";
import type { AccountVault, Vault } from "../domain/vault.ts";
import { type AttemptRow, attemptsOf, type CallListFilter, evidenceOf, listedCalls, oneCall } from "./call-view.queries.ts";
import { readFields } from "./outcome-rows.ts";

const storedTurns = z.array(
  z.looseObject({ speaker: z.enum(["agent", "callee"]), text: z.string(), startedAtMs: z.number(), endedAtMs: z.number(), interrupted: z.boolean().optional() }),
);

/** Calls in short, newest first, in wire names. */
export async function listCalls(deps: { db: Db; vault: Vault }, filter: CallListFilter) {
  const rows = await listedCalls(deps.db, { ...filter, limit: filter.limit + 1 });
  const vault = await deps.vault.forAccount(filter.accountId);
  return cutPage(rows, filter.limit, (row) => ({
    id: row.id,
    campaign_id: row.campaign_id,
    template: row.template,
    external_id: row.external_id,
    to: row.number_sealed && vault.open("contacts.number", row.id, row.number_sealed),
    state: row.state,
    disposition: row.disposition,
    attempts: row.attempts,
    waiting_because: row.waiting_because,
    blocked_reason: row.blocked_reason,
    next_attempt_at: istTextOrNull(row.next_attempt_at),
    language: row.language,
    created_at: istText(row.added_at),
    revision: row.revision,
  }));
}

/**
 * One call whole: state, every attempt with transcript, turn latencies and cost, and the evidence of why it was or was
 * not allowed. The call is the contact; a list's contact can be read the same way. Throws a 404 refusal for a foreign id.
 */
export async function showCall(deps: { db: Db; vault: Vault }, input: { accountId: AccountId; id: ContactId }) {
  const call = looksLikeId(input.id) ? await oneCall(deps.db, input.accountId, input.id) : undefined;
  if (!call) throw new Refusal(404, "call_not_found", `there is no call ${input.id}`);
  const [attempts, evidence, vault] = await Promise.all([
    attemptsOf(deps.db, call.id),
    evidenceOf(deps.db, input.accountId, call.id),
    deps.vault.forAccount(input.accountId),
  ]);
  const definition = definitionSchema.parse(call.definition);
  const notice = recordingNotice(definition, call.language);
  return {
    id: call.id,
    campaign_id: call.campaign_id,
    template: call.template,
    external_id: call.external_id,
    to: call.number_sealed && vault.open("contacts.number", call.id, call.number_sealed),
    name: call.name_sealed && vault.open("contacts.name", call.id, call.name_sealed),
    state: call.state,
    disposition: call.disposition,
    disposition_fields: call.fields_sealed ? shownFields(readFields(vault.open("outcomes.fields", call.id, call.fields_sealed)), definition, call.disposition) : {},
    summary: call.summary_sealed && vault.open("outcomes.summary", call.id, call.summary_sealed),
    language: call.language,
    waiting_because: call.waiting_because,
    blocked_reason: call.blocked_reason,
    next_attempt_at: istTextOrNull(call.next_attempt_at),
    not_before: istTextOrNull(call.not_before),
    not_after: istTextOrNull(call.not_after),
    created_at: istText(call.added_at),
    cost_inr: call.cost_paise === null ? null : Number(rupeesFromPaise(call.cost_paise)),
    revision: call.revision,
    attempts: attempts.map((attempt) => attemptView(attempt, vault, notice)),
    evidence: evidence.map((line) => ({
      id: String(line.id),
      attempt_id: line.attempt_id,
      at: istText(line.at),
      decision: line.decision,
      code: line.code,
      caller_number: line.caller_number,
      findings: line.body,
    })),
  };
}

function attemptView(attempt: AttemptRow, vault: AccountVault, notice: Spoken | null) {
  const turns = attempt.turns_sealed ? storedTurns.parse(JSON.parse(vault.open("conversations.turns", attempt.id, attempt.turns_sealed))) : [];
  const end = callEnd({ notedBy: attempt.hangup_by, conversationBy: attempt.conversation_hangup_by, endReason: attempt.end_reason });
  return {
    id: attempt.id,
    ordinal: attempt.ordinal,
    state: attempt.state,
    kind: attempt.due_class,
    from: attempt.from_number,
    carrier_call_id: attempt.call_sid,
    planned_at: istText(attempt.planned_at),
    sent_at: istTextOrNull(attempt.sent_at),
    ringing_at: istTextOrNull(attempt.ringing_at),
    answered_at: istTextOrNull(attempt.answered_at),
    ended_at: istTextOrNull(attempt.ended_at),
    ending: attempt.ending,
    duration_seconds: attempt.duration_seconds,
    answered_by: attempt.conversation_answered_by ?? attempt.answered_by,
    hangup_by: end.hangupBy,
    end_reason: end.endReason,
    failure_class: attempt.failure_class,
    carrier_code: attempt.carrier_code ?? attempt.refusal_code,
    // Said by the carrier before the conversation began, so no turn of it; what was answered stands beside it.
    recording_notice: spokeNotice(attempt.recording_consent) ? (notice?.text ?? null) : null,
    recording_consent: attempt.recording_consent,
    disposition: attempt.disposition,
    cost_inr: attempt.cost_paise === null ? null : Number(rupeesFromPaise(attempt.cost_paise)),
    revision: attempt.revision,
    first_sound_ms: attempt.first_sound_ms,
    turn_latencies: (attempt.turn_latencies ?? []).map((latency) => ({
      end_of_turn_ms: latency.endOfTurnMs,
      first_word_ms: latency.firstWordMs,
      first_sound_ms: latency.firstSoundMs,
      reply_ms: latency.replyMs,
    })),
    transcript: turns.map((turn) => ({
      speaker: turn.speaker,
      text: turn.text,
      started_at: istText(new Date(turn.startedAtMs)),
      ended_at: istText(new Date(turn.endedAtMs)),
      interrupted: turn.interrupted ?? false,
    })),
  };
}

function spokeNotice(consent: RecordingConsent | null): boolean {
  return consent !== null && consent !== "not_asked";
}
