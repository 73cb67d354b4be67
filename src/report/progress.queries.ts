import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { openStates } from "../domain/attempt.ts";
import type { AccountId, CampaignId } from "../domain/ids.ts";

/** The campaign's own line and what the planner last noted of it; undefined when it is not the account's. */
export function campaignLine(db: Db, accountId: AccountId, campaignId: CampaignId) {
  return db
    .selectFrom("campaigns as p")
    .leftJoin("campaign_notes as n", "n.campaign_id", "p.id")
    .where("p.id", "=", campaignId)
    .where("p.account_id", "=", accountId)
    .select(["p.id", "p.name", "p.state", "p.paused_because", "p.started_at", "p.finished_at", "n.reasons", "n.noted_at"])
    .executeTakeFirst();
}

/** Contacts by state and reason, from the tallies: the cost does not grow with the list. */
export function funnelLines(db: Db, campaignId: CampaignId) {
  return db
    .selectFrom("contact_tallies")
    .where("campaign_id", "=", campaignId)
    .select(["state", "reason", sql<number>`sum(contacts)::bigint`.as("contacts")])
    .groupBy(["state", "reason"])
    .having(sql<boolean>`sum(contacts) <> 0`)
    .orderBy("state")
    .orderBy("contacts", "desc")
    .execute();
}

/** Attempts that hold a slot now, by state. */
export function openAttempts(db: Db, accountId: AccountId, campaignId: CampaignId) {
  return db
    .selectFrom("attempts")
    .where("account_id", "=", accountId)
    .where("campaign_id", "=", campaignId)
    .where("state", "in", [...openStates])
    .select(["state", (e) => e.fn.countAll<number>().as("attempts")])
    .groupBy("state")
    .execute();
}

/** What intake made of the campaign's lists. */
export function importTotals(db: Db, campaignId: CampaignId) {
  return db
    .selectFrom("imports")
    .where("campaign_id", "=", campaignId)
    .where("state", "=", "done")
    .select((e) => [e.fn.sum<string | null>("rows").as("rows"), e.fn.sum<string | null>("accepted").as("accepted")])
    .executeTakeFirstOrThrow();
}
