import { cannotDecide, type ContactRule, mayCall, waitUntil } from "../rule.ts";

const minuteMs = 60_000;

/** Two campaigns with one list would call the same person within minutes; a campaign may ask for more room between calls. */
export const callSpacing: ContactRule = {
  id: "call-spacing",
  title: "A number rests between two calls as long as the campaign asks, over all campaigns",
  citations: ["RBI directions: no persistent or excessive calling (no number given)", "the campaign definition: limits.minutes_between_calls"],
  certainty: "own_policy",
  inForce: { from: "2018-07-19", to: null },
  about: "contact",
  decide({ sentAtMs, minutesBetweenCalls }, nowMs) {
    if (minutesBetweenCalls === null) return mayCall();
    if (sentAtMs === "unknown") return cannotDecide("sentAtMs");
    const freeAtMs = Math.max(...sentAtMs) + minutesBetweenCalls * minuteMs;
    if (nowMs >= freeAtMs) return mayCall();
    return waitUntil(freeAtMs, "call_spacing", `the number was called less than ${minutesBetweenCalls} minutes ago`);
  },
};
