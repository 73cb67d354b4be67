import type { Insertable, Updateable } from "kysely";
import type { Db } from "../db/database.ts";
import type { CampaignsTable } from "../db/tables.ts";
import type { CampaignState } from "../domain/campaign.ts";
import type { AccountId, CampaignId } from "../domain/ids.ts";

export function insertCampaign(db: Db, row: Insertable<CampaignsTable>) {
  return db.insertInto("campaigns").values(row).returningAll().executeTakeFirstOrThrow();
}

/** The account's campaign, or undefined; another account's campaign is as unknown as none. */
export function findCampaign(db: Db, accountId: AccountId, campaignId: CampaignId) {
  return db.selectFrom("campaigns").where("account_id", "=", accountId).where("id", "=", campaignId).selectAll().executeTakeFirst();
}

/** The account's campaigns, the newest first, those before `cursor`. */
export function campaignsOf(db: Db, accountId: AccountId, page: { limit: number; before: CampaignId | null }) {
  let query = db.selectFrom("campaigns").where("account_id", "=", accountId).selectAll().orderBy("id", "desc").limit(page.limit);
  if (page.before !== null) query = query.where("id", "<", page.before);
  return query.execute();
}

export interface CampaignChange {
  accountId: AccountId;
  campaignId: CampaignId;
  from: readonly CampaignState[];
  set: Omit<Updateable<CampaignsTable>, "id" | "account_id"> & { updated_at: Date };
}

/** Changes the campaign if it is still in one of the given states; undefined when somebody else was first. */
export function changeCampaign(db: Db, change: CampaignChange) {
  return db
    .updateTable("campaigns")
    .set(change.set)
    .where("account_id", "=", change.accountId)
    .where("id", "=", change.campaignId)
    .where("state", "in", [...change.from])
    .returningAll()
    .executeTakeFirst();
}

/** The account's standing campaign for single calls of one template; a cancelled one is over. */
export function findSingleCallCampaign(db: Db, accountId: AccountId, template: string) {
  return db
    .selectFrom("campaigns")
    .where("account_id", "=", accountId)
    .where("template", "=", template)
    .where("kind", "=", "single_calls")
    .where("state", "<>", "cancelled")
    .selectAll()
    .executeTakeFirst();
}

/** Whether any contact of the campaign is in one of the states. */
export async function hasContacts(db: Db, campaignId: CampaignId, states: readonly ("waiting" | "planned" | "exhausted")[]): Promise<boolean> {
  const row = await db.selectFrom("contacts").where("campaign_id", "=", campaignId).where("state", "in", [...states]).select("id").limit(1).executeTakeFirst();
  return row !== undefined;
}

export async function hasRunningImport(db: Db, campaignId: CampaignId): Promise<boolean> {
  const row = await db.selectFrom("imports").where("campaign_id", "=", campaignId).where("state", "=", "running").select("id").limit(1).executeTakeFirst();
  return row !== undefined;
}
