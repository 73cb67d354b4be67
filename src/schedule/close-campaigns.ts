import type { Tx } from "../db/database.ts";
import { addEvent } from "../db/outbox.ts";
import { istText } from "../domain/ist-text.ts";
import { cancelContacts } from "./cancel-contacts.queries.ts";
import { campaignsWithStrays, finishIfOver, lockWindingDown, markWoundDown } from "./close-campaigns.queries.ts";
import type { PlannerDeps } from "./ports.ts";
import type { BoardCampaign } from "./read-board.ts";
import { withdrawPlanned } from "./withdraw-planned.queries.ts";

type CloseDeps = Pick<PlannerDeps, "db" | "clock" | "random" | "vault">;

/** Cancelled contacts taken back per tick. */
const windDownBatch = 5_000;
/** Event sequences count seconds from here, so that they rise and fit a 32-bit number. */
const sequenceEpochMs = Date.UTC(2020, 0, 1);

/** Running lists of which nobody seems to wait or be called any more; a list that has no contact yet is not among them. */
export function seemOver(campaigns: readonly BoardCampaign[]): BoardCampaign[] {
  return campaigns.filter(
    (campaign) => campaign.kind === "list" && campaign.tally.length > 0 && campaign.tally.every((line) => line.state !== "waiting" && line.state !== "planned"),
  );
}

/**
 * Ends those of the given lists that are over and tells it to their account's endpoints (`campaign.finished`), each once
 * however many processes ask. A list that is still being imported goes on. Answers how many it ended.
 */
export async function finishCampaigns(deps: CloseDeps, campaigns: readonly BoardCampaign[]): Promise<number> {
  let finished = 0;
  for (const campaign of campaigns) {
    // Opened before the transaction: loading a key needs a connection of its own.
    const vault = await deps.vault.forAccount(campaign.account_id);
    const now = new Date(deps.clock.nowMs());
    finished += await deps.db.transaction().execute(async (tx) => {
      const over = await finishIfOver(tx, campaign.id, now);
      if (!over) return 0;
      await addEvent(tx, { clock: deps.clock, random: deps.random, vault }, {
        accountId: over.account_id,
        type: "campaign.finished",
        subjectId: over.id,
        sequence: Math.floor((now.getTime() - sequenceEpochMs) / 1_000),
        body: { campaign_id: over.id, name: over.name, finished_at: istText(now) },
      });
      return 1;
    });
  }
  return finished;
}

/** Goes on cancelling the contacts of cancelled campaigns, a batch per tick; a campaign without any left is done. */
export async function windDownCancelled(tx: Tx, now: Date): Promise<void> {
  const campaign = await lockWindingDown(tx);
  if (!campaign) return;
  const taken = await cancelContacts(tx, { campaignId: campaign.id, limit: windDownBatch, now });
  if (taken < windDownBatch) await markWoundDown(tx, campaign.id, now);
}

/** Takes back planned attempts of campaigns that no longer run: what fell back to `planned` after the pause. */
export async function withdrawStrays(tx: Tx, now: Date): Promise<void> {
  for (const { id, state } of await campaignsWithStrays(tx)) {
    await withdrawPlanned(tx, { campaignId: id, because: state === "cancelled" ? "campaign_cancelled" : "campaign_paused", now });
  }
}
