import { istText } from "../domain/ist-text.ts";
import { type Paise, rupeesFromPaise } from "../domain/money.ts";
import type { MissingPaper } from "../rules/missing-papers.ts";
import type { Forecast } from "./forecast.ts";
import type { Sample } from "./sample-contacts.ts";

/** Something an operator should know before a start that nevertheless may go ahead. */
export interface Warning {
  code: string;
  message: string;
}

export interface WarningInput {
  /** Papers that are missing but vouched for. */
  vouchedFor: readonly MissingPaper[];
  sample: Sample;
  ahead: Forecast;
  budgetPaise: Paise | null;
  /** Contacts that the newest scrub run does not cover. */
  notScrubbed: number;
  /** Waiting contacts whose number other running campaigns of the account are to call too, and how far apart this one keeps such calls. */
  inOtherCampaigns: number;
  minutesBetweenCalls: number | null;
  /** What makes the whole campaign wait besides its calling hours. */
  pauses: readonly { code: string; detail: string; untilMs: number }[];
  /** When calls may start; null when never within a year. */
  opensAtMs: number | null;
  nowMs: number;
}

/** The warnings of a pre-flight, the gravest first. */
export function preflightWarnings(input: WarningInput): Warning[] {
  const { sample, ahead, budgetPaise } = input;
  return [
    ...input.vouchedFor.map((paper) => ({ code: paper.code, message: `vouched for: ${paper.message}` })),
    ...input.pauses.map(({ code, detail, untilMs }) => ({ code, message: `${detail}, until ${istText(new Date(untilMs))}` })),
    ...(input.opensAtMs === null ? [{ code: "window_never_opens", message: "the calling hours of this definition never open" }] : []),
    ...(input.opensAtMs !== null && input.opensAtMs > input.nowMs
      ? [{ code: "window_closed", message: `calls may not start before ${istText(new Date(input.opensAtMs))}` }]
      : []),
    ...(input.notScrubbed > 0
      ? [{ code: "not_scrubbed", message: `${input.notScrubbed} contacts are not covered by the newest scrub run and will not be called` }]
      : []),
    ...(input.inOtherCampaigns > 0 ? [{ code: "in_other_campaigns", message: otherCampaignsText(input) }] : []),
    ...sample.emptyVariables.map(({ variable, contacts }) => ({
      code: "empty_variable",
      message: `${variable} is empty for ${contacts} of the first ${sample.contacts} contacts, and the agent speaks of it`,
    })),
    ...(budgetPaise !== null && ahead.costPaise.likely > budgetPaise
      ? [{ code: "budget_too_small", message: `the campaign is likely to cost ₹${rupeesFromPaise(ahead.costPaise.likely)}, its budget is ₹${rupeesFromPaise(budgetPaise)}: it will stop there` }]
      : []),
    ...(ahead.finishesAtMs === null && input.opensAtMs !== null && ahead.calls > 0
      ? [{ code: "does_not_finish", message: "at this pace the list is not finished within a year" }]
      : []),
    ...(sample.contacts === 0 ? [{ code: "no_contacts", message: "there is nobody to call" }] : []),
  ];
}

function otherCampaignsText({ inOtherCampaigns, minutesBetweenCalls }: WarningInput): string {
  const who = `${inOtherCampaigns} contacts also wait in other running campaigns of this account and may be called by each of them`;
  return minutesBetweenCalls === null
    ? `${who}, within minutes; limits.minutes_between_calls keeps this campaign's calls apart from theirs`
    : `${who}; this one calls them ${minutesBetweenCalls} minutes after another call at the earliest`;
}
