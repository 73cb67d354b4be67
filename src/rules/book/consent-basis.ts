import { type CampaignRule, mayCall, never } from "../rule.ts";

/**
 * Service calls, reminders and recovery rest on a consent: the running contract or an explicit one. The definition states
 * which (`consent`), or the operator vouches for it. Promotional calls to people who blocked nothing need none, and a
 * transactional call answers the person's own act.
 */
export const consentBasis: CampaignRule = {
  id: "consent-basis",
  title: "The basis on which people may be called is stated",
  citations: ["TCCCPR 2018, definitions of service calls with inferred and explicit consent", "DPDP Act 2023, section 7"],
  certainty: "several_sources",
  inForce: { from: "2018-07-19", to: null },
  about: "campaign",
  decide({ purpose, consentBasis: basis, acknowledged }) {
    if (purpose === "promotional" || purpose === "transactional" || basis !== null) return mayCall();
    if (acknowledged.includes("consent_basis_not_recorded")) return mayCall();
    return never("consent_basis_not_recorded", "the definition does not state on which consent its calls rest (consent: inferred, explicit, enquiry or dca)");
  },
};
