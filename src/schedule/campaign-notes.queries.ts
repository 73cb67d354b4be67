import { sql } from "kysely";
import type { Tx } from "../db/database.ts";
import type { AccountId, CampaignId } from "../domain/ids.ts";
import type { IdleReason } from "./why-idle.ts";

export interface CampaignNote {
  campaignId: CampaignId;
  accountId: AccountId;
  reasons: readonly IdleReason[];
}

/** Writes down why each campaign is not dialing; a note that says what is already written costs nothing but its reading. */
export async function noteReasons(tx: Tx, notes: readonly CampaignNote[], now: Date): Promise<void> {
  if (notes.length === 0) return;
  await sql`
    insert into campaign_notes (campaign_id, account_id, reasons, noted_at)
    select n.campaign_id, n.account_id, n.reasons, ${now}
    from unnest(${notes.map((note) => note.campaignId)}::uuid[], ${notes.map((note) => note.accountId)}::uuid[],
                ${notes.map((note) => JSON.stringify(note.reasons))}::jsonb[]) as n (campaign_id, account_id, reasons)
    on conflict (campaign_id) do update set reasons = excluded.reasons, noted_at = excluded.noted_at
    where campaign_notes.reasons is distinct from excluded.reasons
  `.execute(tx);
}
