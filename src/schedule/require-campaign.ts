import type { Selectable } from "kysely";
import type { Db } from "../db/database.ts";
import type { CampaignsTable } from "../db/tables.ts";
import type { CampaignState } from "../domain/campaign.ts";
import { Refusal } from "../domain/errors.ts";
import { type AccountId, type CampaignId, looksLikeId } from "../domain/ids.ts";
import { findCampaign } from "./campaigns.queries.ts";

/** Which campaign, and on whose behalf. */
export interface CampaignInput {
  accountId: AccountId;
  campaignId: CampaignId;
}

/** The campaign, or a `Refusal` 404 `campaign_not_found`. */
export async function requireCampaign(db: Db, input: CampaignInput): Promise<Selectable<CampaignsTable>> {
  const row = looksLikeId(input.campaignId) ? await findCampaign(db, input.accountId, input.campaignId) : undefined;
  if (!row) throw new Refusal(404, "campaign_not_found", `there is no campaign ${input.campaignId}`);
  return row;
}

/** The `Refusal` 409 `wrong_state` of an action that the campaign's state does not allow. */
export function wrongState(action: string, state: CampaignState, expected: readonly CampaignState[]): Refusal {
  return new Refusal(409, "wrong_state", `cannot ${action} a campaign that is ${state}; expected it to be ${expected.join(" or ")}`, {
    extra: { state, expected },
  });
}
