import type { Db } from "../db/database.ts";
import type { AccountId, CampaignId } from "../domain/ids.ts";
import { cutPage, type Page, type PageAsked } from "../domain/page.ts";
import { type CampaignView, campaignView } from "./campaign-view.ts";
import { campaignsOf } from "./campaigns.queries.ts";
import { type CampaignInput, requireCampaign } from "./require-campaign.ts";

/** One campaign, or a `Refusal` 404. */
export async function showCampaign(deps: { db: Db }, input: CampaignInput): Promise<CampaignView> {
  return campaignView(await requireCampaign(deps.db, input));
}

/** The account's campaigns, the newest first. */
export async function listCampaigns(deps: { db: Db }, input: PageAsked & { accountId: AccountId }): Promise<Page<CampaignView>> {
  const rows = await campaignsOf(deps.db, input.accountId, { limit: input.limit + 1, before: (input.cursor ?? null) as CampaignId | null });
  return cutPage(rows, input.limit, campaignView);
}
