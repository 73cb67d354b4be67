import { unknownCallGapMs } from "../data/limits.ts";
import { cannotDecide, type ContactRule, mayCall, waitUntil } from "../rule.ts";

/** After an attempt of which nobody can say whether the phone rang, the number rests. */
export const unknownCallGap: ContactRule = {
  id: "unknown-call-gap",
  title: "A number rests for four hours after a call of unknown fate",
  citations: ["the product's own policy against calling twice"],
  certainty: "own_policy",
  inForce: { from: "2018-07-19", to: null },
  about: "contact",
  decide({ unknownSentAtMs }, nowMs) {
    if (unknownSentAtMs === "unknown") return cannotDecide("unknownSentAtMs");
    if (unknownSentAtMs === null || nowMs >= unknownSentAtMs + unknownCallGapMs) return mayCall();
    return waitUntil(unknownSentAtMs + unknownCallGapMs, "unknown_call_gap", "it is not known whether the last call rang; the number rests");
  },
};
