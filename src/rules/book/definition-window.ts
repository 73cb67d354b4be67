import { type CampaignRule, mayCall, never } from "../rule.ts";
import { minuteOfDay } from "../ist-calendar.ts";
import { dailyWindow, windowVerdict } from "../window-verdict.ts";

/** What the operator wrote as `window`. It is one more rule, so it can only take hours away from the law's. */
export const definitionWindow: CampaignRule = {
  id: "definition-window",
  title: "The campaign's own hours and days",
  citations: ["the campaign definition: window"],
  certainty: "own_policy",
  inForce: { from: "2018-07-19", to: null },
  about: "campaign",
  decide({ window }, nowMs) {
    if (!window) return mayCall();
    const from = minuteOfDay(window.from);
    const to = minuteOfDay(window.to);
    if (from === undefined || to === undefined || from >= to) {
      return never("definition_window_empty", `the campaign's window ${window.from}–${window.to} contains no hour`);
    }
    return windowVerdict(dailyWindow(window, window.days ?? null), nowMs, "outside_campaign_window", "the campaign's own window");
  },
};
