import type { Db } from "../db/database.ts";
import type { CampaignState } from "../domain/campaign.ts";
import type { CampaignId } from "../domain/ids.ts";
import { type CampaignView, campaignView } from "./campaign-view.ts";
import { changeCampaign } from "./campaigns.queries.ts";
import { cancelContacts } from "./cancel-contacts.queries.ts";
import type { LifecycleDeps } from "./ports.ts";
import { type CampaignInput, requireCampaign, wrongState } from "./require-campaign.ts";
import { withdrawPlanned } from "./withdraw-planned.queries.ts";

type StopDeps = Pick<LifecycleDeps, "db" | "clock" | "log" | "cancelQueuedCalls">;

/** Contacts a cancellation takes back at once; the planner does the rest, batch by batch. */
export const cancelBatch = 5_000;

/**
 * Pauses a running campaign. When it answers no new call can begin: planned attempts are taken back, the gate refuses
 * those already on their way, and calls that still wait at the carrier are cancelled. Calls in which a phone rings or a
 * person talks go on. Pausing a paused campaign changes nothing. Refuses: 404, 409 `wrong_state`.
 */
export async function pauseCampaign(deps: StopDeps, input: CampaignInput & { because?: string }): Promise<CampaignView> {
  const before = await requireCampaign(deps.db, input);
  if (before.state === "paused") return campaignView(before);
  return stop(deps, input, { to: "paused", from: ["running"], action: "pause", because: input.because ?? "operator" });
}

/** Pauses a campaign on behalf of the platform (a breaker, a refusal of the carrier), whoever owns it; false when it was not running. */
export async function pauseForCause(deps: StopDeps, input: { campaignId: CampaignId; because: string }): Promise<boolean> {
  const owner = await deps.db.selectFrom("campaigns").where("id", "=", input.campaignId).where("state", "=", "running").select("account_id").executeTakeFirst();
  if (!owner) return false;
  const view = await pauseCampaign(deps, { accountId: owner.account_id, campaignId: input.campaignId, because: input.because });
  deps.log.warn("paused a campaign", { campaignId: input.campaignId, because: input.because });
  return view.state === "paused";
}

/** Lets a paused campaign run again; it goes on where it stood. Resuming a running campaign changes nothing. Refuses: 404, 409 `wrong_state`. */
export async function resumeCampaign(deps: Pick<LifecycleDeps, "db" | "clock">, input: CampaignInput): Promise<CampaignView> {
  const before = await requireCampaign(deps.db, input);
  if (before.state === "running") return campaignView(before);
  const set = { state: "running" as const, paused_because: null, updated_at: new Date(deps.clock.nowMs()) };
  const changed = await changeCampaign(deps.db, { ...input, from: ["paused"], set });
  if (!changed) throw wrongState("resume", await stateNow(deps.db, input), ["paused"]);
  return campaignView(changed);
}

/**
 * Cancels a campaign for good, at once like a pause; contacts still to be called become `cancelled` (a long list in
 * the background), those held for a person stay held. Cancelling a cancelled campaign changes nothing. Refuses: 404, 409 `wrong_state` when it is finished.
 */
export async function cancelCampaign(deps: StopDeps, input: CampaignInput): Promise<CampaignView> {
  const before = await requireCampaign(deps.db, input);
  if (before.state === "cancelled") return campaignView(before);
  const view = await stop(deps, input, { to: "cancelled", from: ["draft", "running", "paused"], action: "cancel", because: null });
  await cancelContacts(deps.db, { campaignId: input.campaignId, limit: cancelBatch, now: new Date(deps.clock.nowMs()) });
  return view;
}

interface Stop {
  to: "paused" | "cancelled";
  from: readonly CampaignState[];
  action: string;
  because: string | null;
}

async function stop(deps: StopDeps, input: CampaignInput, how: Stop): Promise<CampaignView> {
  const now = new Date(deps.clock.nowMs());
  const changed = await deps.db.transaction().execute(async (tx) => {
    const row = await changeCampaign(tx, { ...input, from: how.from, set: { state: how.to, paused_because: how.because, updated_at: now } });
    if (!row) throw wrongState(how.action, await stateNow(tx, input), how.from);
    await withdrawPlanned(tx, { campaignId: input.campaignId, because: how.to === "paused" ? "campaign_paused" : "campaign_cancelled", now });
    return row;
  });
  try {
    await deps.cancelQueuedCalls({ campaignId: input.campaignId });
  } catch (error) {
    // The campaign is stopped whatever the carrier says; calls left in its queue are cancelled again by the sweep.
    deps.log.error("could not cancel calls queued at the carrier", { campaignId: input.campaignId, error });
  }
  return campaignView(changed);
}

async function stateNow(db: Db, input: CampaignInput): Promise<CampaignState> {
  return (await requireCampaign(db, input)).state;
}
