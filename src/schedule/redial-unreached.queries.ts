import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { CampaignId } from "../domain/ids.ts";

/** `exhausted → waiting` for a whole campaign; dispositions that say the number itself is wrong stay as they are. */
export async function takeBackUnreached(db: Db, input: { campaignId: CampaignId; now: Date }): Promise<number> {
  const result = await db
    .updateTable("contacts")
    .set({ state: "waiting", due_class: "retry", attempts: 0, next_attempt_at: input.now, waiting_because: null, updated_at: input.now })
    .where("campaign_id", "=", input.campaignId)
    .where("state", "=", "exhausted")
    .where(sql<boolean>`disposition is distinct from 'invalid_number' and disposition is distinct from 'wrong_number'`)
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}
