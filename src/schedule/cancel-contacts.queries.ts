import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { CampaignId } from "../domain/ids.ts";

/**
 * Takes back up to `limit` contacts of a cancelled campaign that wait; those held for a person (a dispute, a hardship)
 * stay on that person's list. Answers how many. In batches, because a list may have a million rows and nothing dials them in the meantime: the campaign no longer runs.
 */
export async function cancelContacts(db: Db, input: { campaignId: CampaignId; limit: number; now: Date }): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    update contacts set state = 'cancelled', waiting_because = null, updated_at = ${input.now}
    where id in (
      select id from contacts
      where campaign_id = ${input.campaignId} and state = 'waiting'
      limit ${input.limit} for update skip locked
    )
    returning id
  `.execute(db);
  return rows.length;
}
