import { cannotDecide, type CampaignRule, heldUp, mayCall, never } from "../rule.ts";

/** Pause and cancel take effect at the gate, whatever is queued. */
export const campaignRunning: CampaignRule = {
  id: "campaign-running",
  title: "Only a running campaign of an active account dials",
  citations: ["the operator's own order"],
  certainty: "own_policy",
  inForce: { from: "2018-07-19", to: null },
  about: "campaign",
  decide({ accountState, campaignState }) {
    if (accountState === "unknown") return cannotDecide("accountState");
    if (campaignState === "unknown") return cannotDecide("campaignState");
    if (accountState !== "active") return never("account_stopped", "the account is stopped");
    if (campaignState === "paused") return heldUp("campaign_not_running", "the campaign is paused");
    if (campaignState !== "running") return never("campaign_not_running", `the campaign is ${campaignState}`);
    return mayCall();
  },
};
