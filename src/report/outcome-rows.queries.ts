import type { Db } from "../db/database.ts";
import type { AccountId, CampaignId, ContactId } from "../domain/ids.ts";

export interface OutcomeFilter {
  accountId: AccountId;
  campaignId: CampaignId;
  /** Only contacts whose last attempt began at or after this instant. */
  from?: Date;
  /** Only contacts whose last attempt began before this instant. */
  to?: Date;
  disposition?: string;
}

/** One page of contacts with their outcomes, in the order of their ids, after the given contact. */
export function outcomePage(db: Db, filter: OutcomeFilter, after: ContactId | null, limit: number) {
  let query = db
    .selectFrom("contacts as c")
    .leftJoin("outcomes as o", "o.contact_id", "c.id")
    .where("c.account_id", "=", filter.accountId)
    .where("c.campaign_id", "=", filter.campaignId)
    .select([
      "c.id as contact_id",
      "c.campaign_id",
      "c.external_id",
      "c.number_sealed",
      "c.name_sealed",
      "c.state",
      "c.language as contact_language",
      "c.blocked_reason",
      "c.next_attempt_at",
      "c.attempts as contact_attempts",
      "c.revision as contact_revision",
      "c.disposition as contact_disposition",
      "o.disposition",
      "o.fields_sealed",
      "o.summary_sealed",
      "o.attempts",
      "o.first_attempt_at",
      "o.last_attempt_at",
      "o.answered_at",
      "o.duration_seconds",
      "o.answered_by",
      "o.hangup_by",
      "o.failure_class",
      "o.carrier_code",
      "o.language",
      "o.recording_consent",
      "o.latency_p50_ms",
      "o.latency_p95_ms",
      "o.cost_paise",
      "o.revision",
    ])
    .orderBy("c.id")
    .limit(limit);
  if (after !== null) query = query.where("c.id", ">", after);
  if (filter.from) query = query.where("o.last_attempt_at", ">=", filter.from);
  if (filter.to) query = query.where("o.last_attempt_at", "<", filter.to);
  if (filter.disposition !== undefined) query = query.where("o.disposition", "=", filter.disposition);
  return query.execute();
}

export type OutcomePageRow = Awaited<ReturnType<typeof outcomePage>>[number];
