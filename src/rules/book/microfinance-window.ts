import { type CampaignRule, mayCall } from "../rule.ts";
import { microfinanceWindow as hours, oneRecoveryWindowFrom } from "../data/windows.ts";
import { dailyWindow, windowVerdict } from "../window-verdict.ts";

const window = dailyWindow(hours);

/** Ends with 2026: from the first day of 2027 `recovery-window-2027` holds for microfinance too. */
export const microfinanceWindow: CampaignRule = {
  id: "microfinance-window",
  title: "Recovery calls on microfinance loans start between 09:00 and 18:00 until the end of 2026",
  citations: ["RBI Responsible Business Conduct Directions, 28 November 2025, para 410(2)", "RBI microfinance directions 2022"],
  certainty: "one_source",
  inForce: { from: "2022-08-12", to: oneRecoveryWindowFrom },
  about: "campaign",
  decide({ purpose, microfinance }, nowMs) {
    if (purpose !== "collection" || !microfinance) return mayCall();
    return windowVerdict(window, nowMs, "outside_microfinance_window", "the window for recovery calls on microfinance loans");
  },
};
