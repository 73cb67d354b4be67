import { assertNever } from "../domain/exhaustive.ts";
import type { CampaignFacts } from "./facts.ts";

/** The classes of commercial voice calls under TCCCPR 2018 that this product places. */
export type CallClass = "promotional" | "service_explicit" | "service_inferred" | "transactional";

/**
 * The class of a campaign's calls. A collection call or a reminder to an own customer is service by inferred consent,
 * never transactional: the business begins it, far outside the 30 minutes of a transaction. Any of them that rests on
 * something else than the running contract is service by explicit consent, which the subscriber can block: calling those who
 * only enquired a "reminder" opens no block. Nor does leaving the basis out: a service call of which nobody says what it rests
 * on counts as explicit, while dues and reminders rest on the contract they are about.
 */
export function callClass(facts: Pick<CampaignFacts, "purpose" | "consentBasis">): CallClass {
  switch (facts.purpose) {
    case "promotional":
      return "promotional";
    case "transactional":
      return "transactional";
    case "collection":
    case "reminder":
      return facts.consentBasis === null || facts.consentBasis === "inferred" ? "service_inferred" : "service_explicit";
    case "service":
      return facts.consentBasis === "inferred" ? "service_inferred" : "service_explicit";
    default:
      return assertNever(facts.purpose, "purpose");
  }
}

/** Calls that a subscriber's preferences and the scrub apply to; the others must not be scrubbed away. */
export function isScrubbed(facts: Pick<CampaignFacts, "purpose" | "consentBasis">): boolean {
  const of = callClass(facts);
  return of === "promotional" || of === "service_explicit";
}
