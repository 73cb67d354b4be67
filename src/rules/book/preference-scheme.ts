import { callClass, isScrubbed } from "../call-class.ts";
import { dltConsentLives } from "../consent-life.ts";
import { cannotDecide, type ContactRule, mayCall, never } from "../rule.ts";

const wordings = {
  full_block: "the subscriber blocked all commercial calls",
  block_promo: "the subscriber blocked promotional calls",
  partial: "the subscriber registered a block; explicit-consent service calls count as blocked by any",
  legacy: "the subscriber registered under the rules of 2010, which closed the number to all promotional calls",
} as const;

/**
 * Whole blocks. FULLY BLOCK closes promotional and explicit-consent service calls. Whether BLOCK PROMO and a partial block
 * close explicit-consent calls is disputed (the text of 2025: no; operators' logic of 2022: yes); the stricter reading
 * holds. A row in the format of 2010 lists what the subscriber wanted to keep, and keeps only SMS: every such row is
 * closed. Only a consent registered on the DLT platform opens a block.
 */
export const preferenceScheme: ContactRule = {
  id: "preference-scheme",
  title: "FULLY BLOCK, BLOCK PROMO and registrations of 2010 are honoured per class of call",
  citations: ["TCCCPR 2018, Schedule II", "Operators' DLT scrub logic, February 2022", "NDNC registrations under TCCCPR 2010"],
  certainty: "sources_disagree",
  inForce: { from: "2018-07-19", to: null },
  about: "contact",
  decide(facts, nowMs) {
    if (!isScrubbed(facts)) return mayCall();
    const { preference, consents } = facts;
    if (preference === "unknown") return cannotDecide("preference");
    if (preference === null || preference.scheme === "none") return mayCall();
    if (preference.scheme === "partial" && callClass(facts) === "promotional") return mayCall();
    if (consents === "unknown") return cannotDecide("consents");
    if (dltConsentLives(consents, nowMs)) return mayCall();
    return never(`preference_${preference.scheme}`, wordings[preference.scheme]);
  },
};
