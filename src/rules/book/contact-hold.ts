import type { GateFacts, HoldFacts } from "../facts.ts";
import { holdVerdict } from "../hold-verdict.ts";
import { cannotDecide, type ContactRule, mayCall } from "../rule.ts";

/**
 * Whoever complains, disputes, is in hardship or mourns is left to a person until the hold ends. Whether a grievance must
 * stop calls from 2027 is disputed; the hold stays. It stops collection, reminders and promotion. A service call may be the
 * very answer to a complaint, so only bereavement stops it; the answer to a transaction of one's own always comes.
 */
export const contactHold: ContactRule = {
  id: "contact-hold",
  title: "No calls while a complaint, dispute, hardship or bereavement is open",
  citations: ["RBI Responsible Business Conduct Directions, para 442(6)", "Fourth Amendment Directions, paras 454Y(6) and 454Z"],
  certainty: "sources_disagree",
  inForce: { from: "2022-08-12", to: null },
  about: "contact",
  decide({ purpose, holds }, nowMs) {
    const kinds = holdKindsThatStop(purpose);
    if (kinds.length === 0) return mayCall();
    if (holds === "unknown") return cannotDecide("holds");
    return holdVerdict(holds, kinds, nowMs);
  },
};

/** The kinds of hold, other than a wrong number, that stop calls of this purpose. */
export function holdKindsThatStop(purpose: GateFacts["purpose"]): readonly HoldFacts["kind"][] {
  if (purpose === "transactional") return [];
  return purpose === "service" ? ["bereavement"] : ["complaint", "dispute", "hardship", "bereavement"];
}
