import { sql } from "kysely";
import { withdrawPlannedAttempts } from "../db/attempt-state.ts";
import type { Tx } from "../db/database.ts";
import type { CampaignId } from "../domain/ids.ts";

/**
 * Takes back every attempt of a campaign that nobody has claimed yet; its contacts wait again, due as they were, or are
 * cancelled with the campaign. Must run in the transaction that takes the campaign out of `running`, so that the planner
 * cannot add to what is being taken back.
 */
export async function withdrawPlanned(
  tx: Tx,
  input: { campaignId: CampaignId; because: "campaign_paused" | "campaign_cancelled"; now: Date },
): Promise<number> {
  const withdrawn = await withdrawPlannedAttempts(tx, { campaignId: input.campaignId, refusalCode: input.because, now: input.now });
  if (withdrawn.length === 0) return 0;
  const contactIds = withdrawn.map((attempt) => attempt.contact_id);
  if (input.because === "campaign_cancelled") {
    await tx
      .updateTable("contacts")
      .set({ state: "cancelled", updated_at: input.now })
      .where("id", "in", contactIds)
      .where("state", "=", "planned")
      .execute();
    return withdrawn.length;
  }
  await tx
    .updateTable("contacts")
    .set({ state: "waiting", next_attempt_at: sql<Date>`coalesce(next_attempt_at, ${input.now})`, updated_at: input.now })
    .where("id", "in", contactIds)
    .where("state", "=", "planned")
    .execute();
  return withdrawn.length;
}
