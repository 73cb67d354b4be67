import type { Db } from "../db/database.ts";
import type { ContactState } from "../domain/contact.ts";
import type { AccountId, CampaignId, ContactId } from "../domain/ids.ts";
import type { PageAsked } from "../domain/page.ts";

export interface CallListFilter extends PageAsked {
  accountId: AccountId;
  campaignId?: CampaignId;
  state?: ContactState;
  externalId?: string;
}

/** Calls of the account, newest first; without a campaign those posted one by one. */
export function listedCalls(db: Db, filter: CallListFilter) {
  let query = db
    .selectFrom("contacts as c")
    .innerJoin("campaigns as p", "p.id", "c.campaign_id")
    .where("c.account_id", "=", filter.accountId)
    .select([
      "c.id",
      "c.campaign_id",
      "p.template",
      "c.external_id",
      "c.state",
      "c.disposition",
      "c.attempts",
      "c.waiting_because",
      "c.blocked_reason",
      "c.next_attempt_at",
      "c.added_at",
      "c.language",
      "c.revision",
      "c.number_sealed",
    ])
    .orderBy("c.id", "desc")
    .limit(filter.limit);
  query = filter.campaignId === undefined ? query.where("p.kind", "=", "single_calls") : query.where("c.campaign_id", "=", filter.campaignId);
  if (filter.state !== undefined) query = query.where("c.state", "=", filter.state);
  if (filter.externalId !== undefined) query = query.where("c.external_id", "=", filter.externalId);
  if (filter.cursor !== undefined) query = query.where("c.id", "<", filter.cursor as ContactId);
  return query.execute();
}

export type ListedCall = Awaited<ReturnType<typeof listedCalls>>[number];

export function oneCall(db: Db, accountId: AccountId, id: ContactId) {
  return db
    .selectFrom("contacts as c")
    .innerJoin("campaigns as p", "p.id", "c.campaign_id")
    .leftJoin("outcomes as o", "o.contact_id", "c.id")
    .where("c.account_id", "=", accountId)
    .where("c.id", "=", id)
    .selectAll("c")
    .select(["p.template", "p.definition", "o.fields_sealed", "o.summary_sealed", "o.cost_paise"])
    .executeTakeFirst();
}

/** Every attempt of a contact with its conversation, oldest first. */
export function attemptsOf(db: Db, contactId: ContactId) {
  return db
    .selectFrom("attempts as a")
    .leftJoin("conversations as v", "v.attempt_id", "a.id")
    .where("a.contact_id", "=", contactId)
    .select([
      "a.id",
      "a.ordinal",
      "a.state",
      "a.due_class",
      "a.from_number",
      "a.call_sid",
      "a.planned_at",
      "a.sent_at",
      "a.ringing_at",
      "a.answered_at",
      "a.ended_at",
      "a.ending",
      "a.duration_seconds",
      "a.answered_by",
      "a.hangup_by",
      "a.failure_class",
      "a.carrier_code",
      "a.refusal_code",
      "a.recording_consent",
      "a.disposition",
      "a.cost_paise",
      "a.revision",
      "v.turns_sealed",
      "v.turn_latencies",
      "v.first_sound_ms",
      "v.end_reason",
      "v.hangup_by as conversation_hangup_by",
      "v.answered_by as conversation_answered_by",
    ])
    .orderBy("a.ordinal")
    .execute();
}

export type AttemptRow = Awaited<ReturnType<typeof attemptsOf>>[number];

/** The gate's findings on a contact, oldest first, at most the last hundred. */
export async function evidenceOf(db: Db, accountId: AccountId, contactId: ContactId) {
  const rows = await db
    .selectFrom("evidence")
    .where("account_id", "=", accountId)
    .where("contact_id", "=", contactId)
    .select(["id", "attempt_id", "at", "decision", "code", "caller_number", "body"])
    .orderBy("id", "desc")
    .limit(100)
    .execute();
  return rows.reverse();
}
