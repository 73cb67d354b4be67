import type { Tx } from "../db/database.ts";
import { addEvent } from "../db/outbox.ts";
import type { Clock } from "../domain/clock.ts";
import { istText } from "../domain/ist-text.ts";
import { rupeesFromPaise } from "../domain/money.ts";
import type { Random } from "../domain/random.ts";
import { shownFields } from "../domain/shown-fields.ts";
import type { Settlement } from "./write-settlement.ts";

/** Tells the account's endpoints, in the names and forms of every export: `call.ended` always, `contact.opted_out` and `contact.done` when they hold. */
export async function writeSettlementEvents(tx: Tx, deps: { clock: Clock; random: Random }, s: Settlement, costPaise: number): Promise<void> {
  const { attempt, conversation, decision, followUp, vault } = s;
  const outbox = { clock: deps.clock, random: deps.random, vault };
  const common = {
    campaign_id: attempt.campaign_id,
    contact_id: attempt.contact_id,
    external_id: attempt.external_id,
    disposition: decision.disposition,
    attempts: s.attemptsUsed,
    revision: attempt.contact_revision + 1,
  };
  const personal = {
    phone: attempt.number_sealed === null ? null : vault.open("contacts.number", attempt.contact_id, attempt.number_sealed),
    disposition_fields: shownFields(conversation.fields, s.definition, decision.disposition),
    summary: conversation.summary,
  };
  const sequence = attempt.contact_revision + 1;
  await addEvent(tx, outbox, {
    accountId: attempt.account_id,
    type: "call.ended",
    subjectId: attempt.id,
    sequence,
    body: {
      ...common,
      call_id: attempt.contact_id,
      attempt_id: attempt.id,
      state: attempt.state,
      duration_seconds: attempt.duration_seconds,
      answered_by: attempt.conversation_answered_by ?? attempt.answered_by,
      failure_class: decision.failureClass,
      carrier_code: attempt.carrier_code ?? attempt.refusal_code,
      cost_inr: Number(rupeesFromPaise(costPaise)),
      next_attempt_at: followUp.state === "waiting" ? istText(new Date(followUp.atMs)) : null,
    },
    personal,
  });
  if (decision.disposition === "opted_out") {
    await addEvent(tx, outbox, { accountId: attempt.account_id, type: "contact.opted_out", subjectId: attempt.contact_id, sequence, body: common, personal });
  }
  if (followUp.state !== "waiting") {
    await addEvent(tx, outbox, { accountId: attempt.account_id, type: "contact.done", subjectId: attempt.contact_id, sequence, body: { ...common, state: followUp.state }, personal });
  }
}
