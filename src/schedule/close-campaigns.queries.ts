import { sql } from "kysely";
import type { Tx } from "../db/database.ts";
import type { AccountId, CampaignId } from "../domain/ids.ts";

/** Ends a running campaign if nobody waits, nobody is being called and no list is coming in; undefined when it goes on. */
export async function finishIfOver(tx: Tx, campaignId: CampaignId, now: Date) {
  const { rows } = await sql<{ id: CampaignId; account_id: AccountId; name: string }>`
    update campaigns c set state = 'finished', finished_at = ${now}, updated_at = ${now}
    where c.id = ${campaignId} and c.state = 'running'
      and not exists (select 1 from contacts where campaign_id = c.id and state in ('waiting', 'planned'))
      and not exists (select 1 from imports where campaign_id = c.id and state = 'running')
    returning c.id, c.account_id, c.name
  `.execute(tx);
  return rows[0];
}

/**
 * A cancelled campaign of which contacts are to be taken back or which is done, locked; undefined when there is none. One that
 * only waits for the end of a call has nothing to do, and holds up no other.
 */
export function lockWindingDown(tx: Tx) {
  return tx
    .selectFrom("campaigns")
    .where("state", "=", "cancelled")
    .where("finished_at", "is", null)
    .where(
      sql<boolean>`(exists (select 1 from contacts where campaign_id = campaigns.id and state in ('waiting', 'held'))
        or not exists (select 1 from contacts where campaign_id = campaigns.id and state = 'planned'))`,
    )
    .select("id")
    .orderBy("id")
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
}

/** Marks a cancelled campaign as done once nobody of it waits or is being called; those held wait for a person, not for us. */
export async function markWoundDown(tx: Tx, campaignId: CampaignId, now: Date): Promise<void> {
  await sql`
    update campaigns set finished_at = ${now}
    where id = ${campaignId} and not exists (select 1 from contacts where campaign_id = ${campaignId} and state in ('waiting', 'planned'))
  `.execute(tx);
}

/** Campaigns that do not run and nevertheless have planned attempts. */
export async function campaignsWithStrays(tx: Tx) {
  const { rows } = await sql<{ id: CampaignId; state: "paused" | "cancelled" }>`
    select distinct c.id, c.state from attempts a join campaigns c on c.id = a.campaign_id
    where a.state = 'planned' and c.state in ('paused', 'cancelled')
  `.execute(tx);
  return rows;
}
