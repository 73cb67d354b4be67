import { isScrubbed } from "../call-class.ts";
import { promotionalCategory } from "../preference-category-of.ts";
import { cannotDecide, type CampaignRule, mayCall, never } from "../rule.ts";

/**
 * The list went through an operator's scrub today, for this category. One reading of four operators' pages gives a
 * scrub until 23:59:59 IST of its day; a campaign that crosses midnight therefore stops until the next run.
 */
export const scrubRun: CampaignRule = {
  id: "scrub-run",
  title: "Promotional and explicit-consent calls need a scrub run of the same day and category",
  citations: ["TCCCPR 2018, scrubbing function", "FAQ of ucc-bsnl.co.in, dltconnect.airtel.in, vilpower.in, ucc-mtnl.in"],
  certainty: "one_source",
  inForce: { from: "2018-07-19", to: null },
  about: "campaign",
  decide(facts, nowMs) {
    if (!isScrubbed(facts)) return mayCall();
    const run = facts.scrubRun;
    if (run === "unknown") return cannotDecide("scrubRun");
    if (run === null) return never("scrub_run_missing", "the list has not been through a DND scrub");
    if (nowMs >= run.expiresAtMs) return never("scrub_run_expired", `scrub run ${run.reference} ended with its day; the list needs a new one`);
    if (nowMs < run.scrubbedAtMs) return never("scrub_run_in_future", `scrub run ${run.reference} is dated in the future`);
    const category = promotionalCategory(facts);
    if (run.category !== null && category !== null && run.category !== category) {
      return never("scrub_run_other_category", `scrub run ${run.reference} was made for category ${run.category}, the campaign is of category ${category}`);
    }
    return mayCall();
  },
};
