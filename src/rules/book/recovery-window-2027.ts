import { type CampaignRule, mayCall } from "../rule.ts";
import { oneRecoveryWindowFrom, recoveryWindow as hours } from "../data/windows.ts";
import { dailyWindow, windowVerdict } from "../window-verdict.ts";

const window = dailyWindow(hours);

/**
 * One window for all loans, microfinance included. The text lets a borrower ask for calls outside it; such a wish is
 * not acted upon: nothing widens a window here.
 */
export const recoveryWindow2027: CampaignRule = {
  id: "recovery-window-2027",
  title: "From 2027, recovery calls on every loan start between 08:00 and 19:00",
  citations: ["RBI Responsible Business Conduct (Fourth Amendment) Directions, 6 August 2026, para 454Y(4)"],
  certainty: "several_sources",
  inForce: { from: oneRecoveryWindowFrom, to: null },
  about: "campaign",
  decide({ purpose }, nowMs) {
    if (purpose !== "collection") return mayCall();
    return windowVerdict(window, nowMs, "outside_recovery_window", "the window for recovery calls");
  },
};
