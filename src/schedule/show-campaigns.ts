import type { Db } from "../db/database.ts";
import type { AccountId, CampaignId } from "../domain/ids.ts";
import { type CampaignView, campaignView } from "./campaign-view.ts";
import { campaignsOf } from "./campaigns.queries.ts";
import { type CampaignInput, requireCampaign } from "./require-campaign.ts";

/** One campaign, or a `Refusal` 404. */
export async function showCampaign(deps: { db: Db }, input: CampaignInput): Promise<CampaignView> {
  return campaignView(await requireCampaign(deps.db, input));
}

/** The account's campaigns, the newest first; `next` is the cursor of the following page, null on the last. */
export async function listCampaigns(
  deps: { db: Db },
  input: { accountId: AccountId; limit: number; cursor: CampaignId | null },
): Promise<{ campaigns: CampaignView[]; next: CampaignId | null }> {
  const rows = await campaignsOf(deps.db, input.accountId, { limit: input.limit + 1, before: input.cursor });
  const page = rows.slice(0, input.limit);
  return { campaigns: page.map(campaignView), next: rows.length > input.limit ? (page.at(-1)?.id ?? null) : null };
}
