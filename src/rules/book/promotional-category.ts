import { isScrubbed } from "../call-class.ts";
import { promotionalCategory } from "../preference-category-of.ts";
import { type CampaignRule, mayCall, never } from "../rule.ts";

/** Without a category neither the scrub nor the subscriber's choice can be applied. */
export const promotionalCategoryStated: CampaignRule = {
  id: "promotional-category",
  title: "A promotional campaign says which preference category its content belongs to",
  citations: ["TCCCPR 2018, Schedule II (categories 1 to 8)"],
  certainty: "several_sources",
  inForce: { from: "2018-07-19", to: null },
  about: "campaign",
  decide(facts) {
    if (facts.purpose !== "promotional" || !isScrubbed(facts) || promotionalCategory(facts) !== null) return mayCall();
    return never("preference_category_missing", "the definition does not state its preference_category (1 to 8), and its sector has several");
  },
};
