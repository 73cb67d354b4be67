import { type CampaignRule, mayCall } from "../rule.ts";
import { oneRecoveryWindowFrom, recoveryWindow as hours } from "../data/windows.ts";
import { dailyWindow, windowVerdict } from "../window-verdict.ts";

const window = dailyWindow(hours);

/**
 * Until the end of 2026, for loans other than microfinance. One source reads 19:00:00 as still inside; the stricter
 * reading, end exclusive, holds. A trader chasing own invoices is not bound by RBI and keeps the window as manners.
 */
export const recoveryWindow: CampaignRule = {
  id: "recovery-window",
  title: "Recovery calls start between 08:00 and 19:00",
  citations: ["RBI/2022-23/108 of 12 August 2022", "RBI Responsible Business Conduct Directions, 28 November 2025"],
  certainty: "several_sources",
  inForce: { from: "2022-08-12", to: oneRecoveryWindowFrom },
  about: "campaign",
  decide({ purpose, microfinance }, nowMs) {
    if (purpose !== "collection" || microfinance) return mayCall();
    return windowVerdict(window, nowMs, "outside_recovery_window", "the window for recovery calls");
  },
};
