import { definitionSchema } from "../domain/definition.ts";
import { istText } from "../domain/ist-text.ts";
import { type Paise, rupeesFromPaise } from "../domain/money.ts";
import { budgetPaise } from "../domain/spending-cap.ts";
import type { Vault } from "../domain/vault.ts";
import { isScrubbed } from "../rules/call-class.ts";
import type { MissingPaper } from "../rules/missing-papers.ts";
import { type CallMix, type CallPrices, usualMix } from "./call-mix.ts";
import { type CallingHours, callingHours } from "../rules/calling-hours.ts";
import { acknowledgedCodes } from "./campaign-facts.ts";
import { papersMissing, pausesOf } from "./check-papers.ts";
import { tallyOf, type TallyLine } from "./contact-tally.queries.ts";
import { type Forecast, forecast } from "./forecast.ts";
import { contactsNotScrubbed } from "./legal-standing.queries.ts";
import { alsoInOtherCampaigns } from "./other-campaigns.queries.ts";
import type { Capacity, LifecycleDeps } from "./ports.ts";
import { preflightWarnings, type Warning } from "./preflight-warnings.ts";
import { type CampaignInput, requireCampaign } from "./require-campaign.ts";
import { type Sample, sampleContacts } from "./sample-contacts.ts";

export interface PreflightDeps extends Pick<LifecycleDeps, "db" | "clock" | "scrub" | "callerNumbers" | "acknowledged"> {
  vault: Vault;
  capacity: Capacity;
  prices: CallPrices;
  /** Default: `usualMix`. */
  mix?: CallMix;
}

/** What would happen if the campaign were started now; instants ISO 8601 with +05:30, money in rupees. */
export interface Preflight {
  rows: { total: number; callable: number; blocked: number; blocked_by_reason: Record<string, number>; by_state: Record<string, number> };
  /** Papers that are missing and not vouched for: a start would be refused. */
  missing: readonly MissingPaper[];
  warnings: Warning[];
  sample: { contacts: number; greeting: string | null };
  calls: number;
  answered: number;
  calls_by_day: { date: string; calls: number }[];
  calls_per_second: number;
  limited_by: "pace" | "concurrency";
  finish_at: string | null;
  cost_inr: { low: number; likely: number; high: number };
  /** Shares of all calls, and mean seconds. */
  assumptions: { reached: number; no_answer: number; busy: number; voicemail: number; not_reached: number; talk_seconds: number; ring_seconds: number };
}

/**
 * Looks at a campaign before it starts: the list is scrubbed (which marks who must not be called and harms nobody), the
 * papers are asked for, some greetings are rendered, and the list is dialed on a virtual clock. Refuses: 404.
 */
export async function preflight(deps: PreflightDeps, input: CampaignInput): Promise<Preflight> {
  const campaign = await requireCampaign(deps.db, input);
  const definition = definitionSchema.parse(campaign.definition);
  if (campaign.state === "draft" || campaign.state === "paused") await deps.scrub({ campaignId: campaign.id });
  const tally = await tallyOf(deps.db, campaign.id);
  const acknowledged = acknowledgedCodes(campaign.acknowledged, deps.acknowledged);
  const pauses = await pausesOf(deps, { campaignId: campaign.id, definition, acknowledged });
  const hours = hoursAfter(callingHours(definition), Math.max(...pauses.map(({ untilMs }) => untilMs)));
  const mix = deps.mix ?? usualMix;
  const ahead = forecast({
    contacts: inState(tally, "waiting"),
    cps: Math.min(definition.limits.cps, deps.capacity.callsPerSecond),
    concurrency: Math.min(definition.limits.concurrency, deps.capacity.concurrentCalls),
    hours,
    retry: definition.retry,
    limits: definition.limits,
    prices: deps.prices,
    mix,
    nowMs: deps.clock.nowMs(),
  });
  const sample = await sampleContacts(deps, { ...input, definition });
  const missing = await papersMissing(deps, { campaignId: campaign.id, definition, acknowledged });
  const all = await papersMissing({ ...deps, acknowledged: [] }, { campaignId: campaign.id, definition, acknowledged: [] });
  const warnings = preflightWarnings({
    vouchedFor: all.filter((paper) => !missing.some((other) => other.code === paper.code)),
    sample,
    ahead,
    budgetPaise: budgetPaise(definition),
    notScrubbed: missing.some((paper) => paper.code.startsWith("scrub_run")) || !isScrubbed({ purpose: definition.purpose, consentBasis: definition.consent ?? null }) ? 0 : await contactsNotScrubbed(deps.db, campaign.id),
    inOtherCampaigns: await alsoInOtherCampaigns(deps.db, campaign.id),
    minutesBetweenCalls: definition.limits.minutes_between_calls ?? null,
    pauses,
    opensAtMs: hours(deps.clock.nowMs()),
    nowMs: deps.clock.nowMs(),
  });
  return view({ tally, missing, warnings, sample, ahead, mix });
}

/** The same hours, all closed before an instant. */
function hoursAfter(hours: CallingHours, afterMs: number): CallingHours {
  return (fromMs) => hours(Math.max(fromMs, afterMs));
}

function view(found: { tally: TallyLine[]; missing: MissingPaper[]; warnings: Warning[]; sample: Sample; ahead: Forecast; mix: CallMix }): Preflight {
  const { tally, ahead } = found;
  const blocked = tally.filter((line) => line.state === "blocked");
  return {
    rows: {
      total: sum(tally),
      callable: inState(tally, "waiting"),
      blocked: sum(blocked),
      blocked_by_reason: by(blocked, (line) => line.reason ?? "unknown"),
      by_state: by(tally, (line) => line.state),
    },
    missing: found.missing,
    warnings: found.warnings,
    sample: { contacts: found.sample.contacts, greeting: found.sample.greeting },
    calls: ahead.calls,
    answered: ahead.reached,
    calls_by_day: ahead.days.map(({ date, calls }) => ({ date, calls })),
    calls_per_second: Number(ahead.callsPerSecond.toFixed(3)),
    limited_by: ahead.limitedBy,
    finish_at: ahead.finishesAtMs === null ? null : istText(new Date(ahead.finishesAtMs)),
    cost_inr: { low: rupees(ahead.costPaise.low), likely: rupees(ahead.costPaise.likely), high: rupees(ahead.costPaise.high) },
    assumptions: assumptionsOf(found.mix),
  };
}

function assumptionsOf(mix: CallMix): Preflight["assumptions"] {
  const { noAnswer, notReached, talkSeconds, ringSeconds, ...shares } = mix;
  return { ...shares, no_answer: noAnswer, not_reached: notReached, talk_seconds: talkSeconds, ring_seconds: ringSeconds };
}

function inState(tally: readonly TallyLine[], state: TallyLine["state"]): number {
  return sum(tally.filter((line) => line.state === state));
}

function sum(lines: readonly TallyLine[]): number {
  return lines.reduce((total, line) => total + line.contacts, 0);
}

function by(lines: readonly TallyLine[], word: (line: TallyLine) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(word(line), (counts.get(word(line)) ?? 0) + line.contacts);
  return Object.fromEntries(counts);
}

const rupees = (paise: Paise): number => Number(rupeesFromPaise(paise));
