import { sql } from "kysely";
import type { Tx } from "../db/database.ts";
import type { AccountId, CampaignId } from "../domain/ids.ts";
import type { IdleReason } from "./why-idle.ts";

export interface CampaignNote {
  campaignId: CampaignId;
  accountId: AccountId;
  reasons: readonly IdleReason[];
}

/** A note that says what is already written is written again after this, to show that somebody is planning. */
const heartbeatMs = 20_000;

/** Writes down why each campaign is not dialing; an unchanged note costs nothing but its reading, and a heartbeat now and then. */
export async function noteReasons(tx: Tx, notes: readonly CampaignNote[], now: Date): Promise<void> {
  if (notes.length === 0) return;
  await sql`
    insert into campaign_notes (campaign_id, account_id, reasons, noted_at)
    select n.campaign_id, n.account_id, n.reasons, ${now}
    from unnest(${notes.map((note) => note.campaignId)}::uuid[], ${notes.map((note) => note.accountId)}::uuid[],
                ${notes.map((note) => JSON.stringify(note.reasons))}::jsonb[]) as n (campaign_id, account_id, reasons)
    on conflict (campaign_id) do update set reasons = excluded.reasons, noted_at = excluded.noted_at
    where campaign_notes.reasons is distinct from excluded.reasons
       or campaign_notes.noted_at < ${new Date(now.getTime() - heartbeatMs)}
  `.execute(tx);
}
