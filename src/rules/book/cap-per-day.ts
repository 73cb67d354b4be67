import { istDay, istDayStartMs } from "../ist-calendar.ts";
import { cannotDecide, type ContactRule, mayCall, waitUntil } from "../rule.ts";

/** Calls to one number on one IST day, counted over all campaigns of the account. The law forbids "excessive" calling without a number. */
export const capPerDay: ContactRule = {
  id: "cap-per-day",
  title: "A number is called no more than the day's cap, over all campaigns",
  citations: ["RBI directions: no persistent or excessive calling (no number given)", "the campaign definition: limits.per_number_per_day"],
  certainty: "own_policy",
  inForce: { from: "2018-07-19", to: null },
  about: "contact",
  decide({ sentAtMs, perNumberPerDay }, nowMs) {
    if (sentAtMs === "unknown") return cannotDecide("sentAtMs");
    const today = istDay(nowMs);
    const sentToday = sentAtMs.filter((ms) => istDay(ms) === today).length;
    if (sentToday < perNumberPerDay) return mayCall();
    return waitUntil(istDayStartMs(today + 1), "cap_per_day", `${sentToday} of ${perNumberPerDay} calls of this day were made to the number`);
  },
};
