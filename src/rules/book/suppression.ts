import { cannotDecide, type ContactRule, mayCall, never } from "../rule.ts";

/** Suppressed numbers are called for no purpose; lifting the suppression is the operator's act, recorded as such. */
export const suppression: ContactRule = {
  id: "suppression",
  title: "Nobody on the do-not-call list of the account or the platform is called",
  citations: ["TCCCPR 2018, Second Amendment 2025: every promotional communication carries an opt-out", "RBI 2005 card directions: the issuer keeps its own do-not-call list"],
  certainty: "several_sources",
  inForce: { from: "2018-07-19", to: null },
  about: "contact",
  decide({ suppression: listed }) {
    if (listed === "unknown") return cannotDecide("suppression");
    if (listed === null) return mayCall();
    return never("suppressed", `the number is on the do-not-call list of the ${listed.scope}: ${listed.reason}`);
  },
};
