import { sql } from "kysely";
import { withdrawPlannedAttempts, withdrawPutOffAttempts } from "../db/attempt-state.ts";
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

/** An attempt that the gate puts off for longer than this gives its place in the plan back. */
export const putOffMs = 5_000;

/**
 * Gives back the places of attempts that the gate has put off (the number has another call, an arm of the campaign fails, money
 * is short …): their contacts wait until then, with the reason, and others are planned in their stead. So a campaign that
 * cannot dial never stands in another's way.
 */
export async function giveBackPutOff(tx: Tx, input: { nowMs: number; limit: number }): Promise<void> {
  const now = new Date(input.nowMs);
  const withdrawn = await withdrawPutOffAttempts(tx, { dueAfter: new Date(input.nowMs + putOffMs), limit: input.limit, now });
  if (withdrawn.length === 0) return;
  await sql`
    update contacts c set state = 'waiting', next_attempt_at = put_off.until, waiting_because = put_off.because, updated_at = ${now}
    from unnest(${withdrawn.map((each) => each.contact_id)}::uuid[], ${withdrawn.map((each) => each.due_at)}::timestamptz[],
                ${withdrawn.map((each) => each.refusal_code)}::text[]) as put_off (contact_id, until, because)
    where c.id = put_off.contact_id and c.state = 'planned'
  `.execute(tx);
}
