import { dltConsentLives } from "../consent-life.ts";
import { promotionalCategory } from "../preference-category-of.ts";
import { cannotDecide, type ContactRule, mayCall, never } from "../rule.ts";

/**
 * Blocked categories. A row that names categories and modes can be read as "these categories in these modes" or as two
 * blocks; each dimension is taken as a block of its own, which is the stricter reading.
 */
export const preferenceCategory: ContactRule = {
  id: "preference-category",
  title: "A promotional call of a category that the subscriber blocked is not made",
  citations: ["TCCCPR 2018, Schedule II (categories 1 to 8)", "trai.gov.in/preference-registration"],
  certainty: "several_sources",
  inForce: { from: "2018-07-19", to: null },
  about: "contact",
  decide(facts, nowMs) {
    if (facts.purpose !== "promotional") return mayCall();
    const { preference, consents } = facts;
    if (preference === "unknown") return cannotDecide("preference");
    if (preference === null || preference.scheme !== "partial" || preference.categories.length === 0) return mayCall();
    const category = promotionalCategory(facts);
    if (category !== null && !preference.categories.includes(category)) return mayCall();
    if (consents === "unknown") return cannotDecide("consents");
    if (dltConsentLives(consents, nowMs)) return mayCall();
    return never("preference_category", `the subscriber blocked category ${category ?? preference.categories.join(", ")}`);
  },
};
