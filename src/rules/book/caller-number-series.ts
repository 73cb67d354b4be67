import { seriesFault } from "../caller-series.ts";
import { cannotDecide, type CampaignRule, mayCall, never } from "../rule.ts";

/**
 * The caller number tells the person what kind of call comes. A foreign number, or a sector without a series, needs the
 * operator's word (acknowledged codes, which go into the evidence); the wrong Indian series is refused outright.
 */
export const callerNumberSeries: CampaignRule = {
  id: "caller-number-series",
  title: "Calls present a number of the series for their class and sector",
  citations: [
    "TRAI directions of 18 June 2024, 19 November 2025 and 10 August 2026",
    "TCCCPR Second Amendment, 12 February 2025",
    "IRDAI circular of 6 January 2026",
  ],
  certainty: "several_sources",
  inForce: { from: "2024-06-18", to: null },
  about: "campaign",
  decide(facts, nowMs) {
    const { callerNumber, acknowledged } = facts;
    if (callerNumber === "unknown") return cannotDecide("callerNumber");
    if (callerNumber === null) return never("no_caller_number", "the campaign has no caller number to present");
    const fault = seriesFault(facts, callerNumber, nowMs);
    if (fault === null) return mayCall();
    if (fault.acknowledgeable && acknowledged.includes(fault.code)) return mayCall();
    return never(fault.code, fault.message);
  },
};
