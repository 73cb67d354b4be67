import { type CampaignRule, mayCall } from "../rule.ts";
import { promotionalWindow as hours } from "../data/windows.ts";
import { dailyWindow, windowVerdict } from "../window-verdict.ts";

const window = dailyWindow(hours);

/** The default time bands, end exclusive: a call that starts at 21:00:00 is outside. */
export const promotionalWindow: CampaignRule = {
  id: "promotional-window",
  title: "Promotional calls start between 10:00 and 21:00",
  citations: ["TCCCPR 2018, Schedule II (preference), default time bands (iv) to (viii)"],
  certainty: "several_sources",
  inForce: { from: "2018-07-19", to: null },
  about: "campaign",
  decide({ purpose }, nowMs) {
    if (purpose !== "promotional") return mayCall();
    return windowVerdict(window, nowMs, "outside_promotional_window", "the window for promotional calls");
  },
};
