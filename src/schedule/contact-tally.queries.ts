import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { ContactState, DueClass } from "../domain/contact.ts";
import type { CampaignId } from "../domain/ids.ts";

/** How many contacts of one campaign share a state, a class and a reason. */
export interface TallyLine {
  state: ContactState;
  due_class: DueClass;
  reason: string | null;
  contacts: number;
}

/** The campaign's contacts by state, class and reason. Costs the same for ten contacts and for a million. */
export function tallyOf(db: Db, campaignId: CampaignId): Promise<TallyLine[]> {
  return db
    .selectFrom("contact_tallies")
    .where("campaign_id", "=", campaignId)
    .select(["state", "due_class", "reason", sql<number>`sum(contacts)::bigint`.as("contacts")])
    .groupBy(["state", "due_class", "reason"])
    .having(sql<boolean>`sum(contacts) <> 0`)
    .orderBy("state")
    .orderBy("due_class")
    .orderBy("reason")
    .execute();
}

/** The same for several campaigns at once. */
export function talliesOf(db: Db, campaignIds: readonly CampaignId[]): Promise<(TallyLine & { campaign_id: CampaignId })[]> {
  if (campaignIds.length === 0) return Promise.resolve([]);
  return db
    .selectFrom("contact_tallies")
    .where("campaign_id", "in", [...campaignIds])
    .select(["campaign_id", "state", "due_class", "reason", sql<number>`sum(contacts)::bigint`.as("contacts")])
    .groupBy(["campaign_id", "state", "due_class", "reason"])
    .having(sql<boolean>`sum(contacts) <> 0`)
    .execute();
}

/** Adds together the rows of those campaigns that have more than `above` of them; what they say stays the same. */
export async function compactTallies(db: Db, input: { campaignIds: readonly CampaignId[]; above: number }): Promise<void> {
  if (input.campaignIds.length === 0) return;
  await sql`
    with long as (
      select campaign_id from contact_tallies where campaign_id = any(${[...input.campaignIds]}::uuid[])
      group by campaign_id having count(*) > ${input.above}
    ),
    gone as (
      delete from contact_tallies t using long where t.campaign_id = long.campaign_id
      returning t.account_id, t.campaign_id, t.state, t.due_class, t.reason, t.contacts
    )
    insert into contact_tallies (account_id, campaign_id, state, due_class, reason, contacts)
    select account_id, campaign_id, state, due_class, reason, sum(contacts)
    from gone group by 1, 2, 3, 4, 5 having sum(contacts) <> 0
  `.execute(db);
}
