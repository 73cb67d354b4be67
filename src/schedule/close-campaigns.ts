import { sql } from "kysely";
import type { Tx } from "../db/database.ts";
import { addEvent } from "../db/outbox.ts";
import type { AccountId, CampaignId } from "../domain/ids.ts";
import { cancelContacts } from "./cancel-contacts.ts";
import type { PlannerDeps } from "./ports.ts";
import type { BoardCampaign } from "./read-board.ts";
import { withdrawPlanned } from "./withdraw-planned.ts";

type CloseDeps = Pick<PlannerDeps, "clock" | "random" | "vault">;

/** Cancelled contacts taken back per tick. */
const windDownBatch = 5_000;
/** Event sequences count seconds from here, so that they rise and fit a 32-bit number. */
const sequenceEpochMs = Date.UTC(2020, 0, 1);

/**
 * Ends the running lists of which nobody waits and nobody is being called any more, and tells it to the account's endpoints
 * (`campaign.finished`). A list that has no contact yet, or is still being imported, goes on. Answers those finished.
 */
export async function finishCampaigns(tx: Tx, deps: CloseDeps, campaigns: readonly BoardCampaign[]): Promise<CampaignId[]> {
  const candidates = campaigns.filter(
    (campaign) => campaign.kind === "list" && campaign.tally.length > 0 && campaign.tally.every((line) => line.state !== "waiting" && line.state !== "planned"),
  );
  if (candidates.length === 0) return [];
  const now = new Date(deps.clock.nowMs());
  const { rows } = await sql<{ id: CampaignId; account_id: AccountId; name: string }>`
    update campaigns c set state = 'finished', finished_at = ${now}, updated_at = ${now}
    where c.id = any(${candidates.map((campaign) => campaign.id)}::uuid[]) and c.state = 'running'
      and not exists (select 1 from contacts where campaign_id = c.id and state in ('waiting', 'planned'))
      and not exists (select 1 from imports where campaign_id = c.id and state = 'running')
    returning c.id, c.account_id, c.name
  `.execute(tx);
  for (const row of rows) {
    await addEvent(tx, { clock: deps.clock, random: deps.random, vault: await deps.vault.forAccount(row.account_id) }, {
      accountId: row.account_id,
      type: "campaign.finished",
      subjectId: row.id,
      sequence: Math.floor((now.getTime() - sequenceEpochMs) / 1_000),
      body: { campaign_id: row.id, name: row.name, finished_at: now.toISOString() },
    });
  }
  return rows.map((row) => row.id);
}

/** Goes on cancelling the contacts of cancelled campaigns, a batch per tick; a campaign without any left is done. */
export async function windDownCancelled(tx: Tx, now: Date): Promise<void> {
  const campaign = await tx
    .selectFrom("campaigns")
    .where("state", "=", "cancelled")
    .where("finished_at", "is", null)
    .select("id")
    .orderBy("id")
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (!campaign) return;
  const taken = await cancelContacts(tx, { campaignId: campaign.id, limit: windDownBatch, now });
  if (taken === windDownBatch) return;
  await sql`
    update campaigns set finished_at = ${now}
    where id = ${campaign.id} and not exists (select 1 from contacts where campaign_id = ${campaign.id} and state in ('waiting', 'planned'))
  `.execute(tx);
}

/** Takes back planned attempts of campaigns that no longer run: what fell back to `planned` after the pause. */
export async function withdrawStrays(tx: Tx, now: Date): Promise<void> {
  const { rows } = await sql<{ id: CampaignId; state: string }>`
    select distinct c.id, c.state from attempts a join campaigns c on c.id = a.campaign_id
    where a.state = 'planned' and c.state in ('paused', 'cancelled')
  `.execute(tx);
  for (const { id, state } of rows) {
    await withdrawPlanned(tx, { campaignId: id, because: state === "cancelled" ? "campaign_cancelled" : "campaign_paused", now });
  }
}
