import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { CampaignId } from "../domain/ids.ts";

/** How many waiting contacts of a campaign have a number that also waits, or is being called, in another running campaign of the account. */
export async function alsoInOtherCampaigns(db: Db, campaignId: CampaignId): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from contacts c
    where c.campaign_id = ${campaignId} and c.state = 'waiting'
      and c.number_key in (
        select o.number_key from campaigns own
        join campaigns p on p.account_id = own.account_id and p.id <> own.id and p.state = 'running'
        join contacts o on o.campaign_id = p.id and o.state in ('waiting', 'planned')
        where own.id = ${campaignId})`.execute(db);
  return rows[0]?.n ?? 0;
}
