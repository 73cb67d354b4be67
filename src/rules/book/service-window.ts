import { type CampaignRule, mayCall } from "../rule.ts";
import { serviceWindow as hours } from "../data/windows.ts";
import { dailyWindow, windowVerdict } from "../window-verdict.ts";

const window = dailyWindow(hours);

/** No law sets hours for service calls; a business that rings at night loses the right to ring at all. */
export const serviceWindow: CampaignRule = {
  id: "service-window",
  title: "Reminders and service calls start between 09:00 and 20:00",
  citations: ["the product's own policy; TCCCPR sets no time band for service calls"],
  certainty: "own_policy",
  inForce: { from: "2018-07-19", to: null },
  about: "campaign",
  decide({ purpose }, nowMs) {
    if (purpose !== "reminder" && purpose !== "service") return mayCall();
    return windowVerdict(window, nowMs, "outside_service_window", "the window for reminders and service calls");
  },
};
