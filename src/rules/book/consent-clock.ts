import { callClass } from "../call-class.ts";
import { consentLives } from "../consent-life.ts";
import type { ConsentBasis, GateFacts } from "../facts.ts";
import { cannotDecide, type ContactRule, mayCall, never } from "../rule.ts";

/**
 * Each basis has its clock. Inferred consent is the list's own statement as long as no contract is on file; once
 * contracts are on file, one of them must be running. Every other basis needs a recorded consent that lives now.
 */
export const consentClock: ContactRule = {
  id: "consent-clock",
  title: "The consent a call rests on still lives: enquiry and explicit 7 days, DCA one year, inferred while the contract lasts",
  citations: ["TCCCPR 2018 with the Third Amendment, 18 September 2026", "MSG91 on DCA validity (one source)"],
  certainty: "several_sources",
  inForce: { from: "2018-07-19", to: null },
  about: "contact",
  decide(facts, nowMs) {
    const basis = consentNeeded(facts);
    if (basis === null) return mayCall();
    if (facts.consents === "unknown") return cannotDecide("consents");
    const recorded = facts.consents.filter((consent) => consent.basis === basis);
    if (recorded.some((consent) => consentLives(consent, nowMs))) return mayCall();
    if (recorded.length > 0) return never("consent_lapsed", `the ${basis} consent this call rests on has lapsed or was withdrawn`);
    return basis === "inferred" ? mayCall() : never("no_consent", `no ${basis} consent of this person is on file`);
  },
};

/** The basis such calls rest on, or null. An inferred one carries no promotional call: being a customer opens no blocked number. */
export function consentNeeded(facts: Pick<GateFacts, "purpose" | "consentBasis">): ConsentBasis | null {
  const of = callClass(facts);
  if (of === "transactional") return null;
  if (of === "promotional") return facts.consentBasis === "inferred" ? null : facts.consentBasis;
  return facts.consentBasis ?? "inferred";
}
