import { isScrubbed } from "../call-class.ts";
import { cannotDecide, type ContactRule, mayCall, never } from "../rule.ts";

/**
 * What the run said of this number. A contact added after the run is not in it. Consent does not argue with the
 * operator's answer: its platform knows the registered consents and has weighed them.
 */
export const scrubResult: ContactRule = {
  id: "scrub-result",
  title: "A number that the scrub blocked, or did not cover, is not called",
  citations: ["TCCCPR 2018, scrubbing function and Schedule II"],
  certainty: "several_sources",
  inForce: { from: "2018-07-19", to: null },
  about: "contact",
  decide(facts) {
    if (!isScrubbed(facts) || facts.scrubRun === null) return mayCall();
    switch (facts.scrubResult) {
      case "clear":
        return mayCall();
      case "blocked":
        return never("scrub_blocked", "the DND scrub blocked the number");
      case "not_covered":
        return never("not_scrubbed", "the contact was added after the scrub run, which does not cover it");
      case "unknown":
        return cannotDecide("scrubResult");
    }
  },
};
