import { capWeekMs } from "../data/limits.ts";
import { cannotDecide, type ContactRule, mayCall, waitUntil } from "../rule.ts";

/** Calls to one number in any seven times 24 hours, counted over all campaigns of the account. */
export const capPerWeek: ContactRule = {
  id: "cap-per-week",
  title: "A number is called no more than the week's cap, over all campaigns",
  citations: ["RBI directions: no persistent or excessive calling (no number given)", "the campaign definition: limits.per_number_per_week"],
  certainty: "own_policy",
  inForce: { from: "2018-07-19", to: null },
  about: "contact",
  decide({ sentAtMs, perNumberPerWeek }, nowMs) {
    if (sentAtMs === "unknown") return cannotDecide("sentAtMs");
    const recent = sentAtMs.filter((ms) => ms > nowMs - capWeekMs).sort((a, b) => b - a);
    const decisive = recent[perNumberPerWeek - 1];
    if (decisive === undefined) return mayCall();
    return waitUntil(decisive + capWeekMs, "cap_per_week", `${recent.length} of ${perNumberPerWeek} calls of seven days were made to the number`);
  },
};
