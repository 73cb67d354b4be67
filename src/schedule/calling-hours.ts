import type { Definition } from "../domain/definition.ts";
import { definitionWindow } from "../rules/book/definition-window.ts";
import { microfinanceWindow } from "../rules/book/microfinance-window.ts";
import { promotionalWindow } from "../rules/book/promotional-window.ts";
import { recoveryWindow } from "../rules/book/recovery-window.ts";
import { recoveryWindow2027 } from "../rules/book/recovery-window-2027.ts";
import { serviceWindow } from "../rules/book/service-window.ts";
import type { CampaignFacts } from "../rules/facts.ts";
import { istDateStartMs, istDateText, istDay } from "../rules/ist-calendar.ts";
import type { CampaignRule } from "../rules/rule.ts";

const windowRules: readonly CampaignRule[] = [
  promotionalWindow,
  recoveryWindow,
  microfinanceWindow,
  recoveryWindow2027,
  serviceWindow,
  definitionWindow,
];

/** The first instant at or after `fromMs` at which calls may start; null when there is none within a year. */
export type CallingHours = (fromMs: number) => number | null;

const yearMs = 366 * 86_400_000;

/**
 * When a campaign of this definition may dial, by the windows of the law and its own, and by nothing else: for looking
 * ahead. What may really be dialed is asked of all rules, at the gate.
 */
export function callingHours(definition: Definition): CallingHours {
  const facts: CampaignFacts = {
    purpose: definition.purpose,
    sector: definition.sector,
    microfinance: definition.microfinance,
    mayTransfer: definition.may_transfer,
    preferenceCategory: definition.preference_category ?? null,
    consentBasis: definition.consent ?? null,
    window: definition.window ?? null,
    perNumberPerDay: definition.limits.per_number_per_day,
    perNumberPerWeek: definition.limits.per_number_per_week,
    optOutsInTenDays: definition.limits.opt_outs_in_ten_days ?? null,
    accountState: "active",
    campaignState: "running",
    acknowledged: [],
    callerNumber: "unknown",
    papers: "unknown",
    scrubRun: "unknown",
    brake: "unknown",
  };
  return (fromMs) => {
    let atMs = fromMs;
    while (atMs <= fromMs + yearMs) {
      const waitMs = laterOpening(facts, atMs);
      if (waitMs === "never") return null;
      if (waitMs === null) return atMs;
      atMs = waitMs;
    }
    return null;
  };
}

/** The latest instant that a window rule in force asks to wait for; null when all are open. */
function laterOpening(facts: CampaignFacts, atMs: number): number | null | "never" {
  const date = istDateText(istDay(atMs));
  let latest: number | null = null;
  for (const rule of windowRules) {
    if (date < rule.inForce.from || (rule.inForce.to !== null && date >= rule.inForce.to)) continue;
    const says = rule.decide(facts, atMs);
    if (says.kind === "never") return "never";
    if (says.kind === "wait") latest = Math.max(latest ?? 0, Math.min(says.untilMs, forceEndsMs(rule)));
  }
  return latest;
}

function forceEndsMs(rule: CampaignRule): number {
  return rule.inForce.to === null ? Number.POSITIVE_INFINITY : istDateStartMs(rule.inForce.to);
}
