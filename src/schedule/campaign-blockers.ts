import type { AcknowledgeableCode, CampaignState } from "../domain/campaign.ts";
import { istFromMs } from "../domain/clock.ts";
import type { Definition } from "../domain/definition.ts";
import { type Paise, rupeesFromPaise } from "../domain/money.ts";
import type { E164 } from "../domain/phone-number.ts";
import { budgetPaise, fitsCap } from "../domain/spending-cap.ts";
import { type Finding, judgeCampaign } from "../rules/judge.ts";
import { campaignFacts } from "./campaign-facts.ts";
import type { LegalStanding } from "./legal-standing.queries.ts";
import type { Blocker, CampaignReason } from "./why-idle.ts";

/** Everything that may stand against a campaign as a whole. */
export interface BlockerInput {
  definition: Definition;
  state: CampaignState;
  standing: LegalStanding;
  acknowledged: readonly AcknowledgeableCode[];
  callerNumbers: readonly E164[];
  /** Caller numbers that rest, and until when. */
  coolingUntilMs: ReadonlyMap<string, number>;
  breaker: { cause: string; untilMs: number } | null;
  campaign: { spentPaise: Paise; reservedPaise: Paise };
  account: { capPaise: Paise | null; spentTodayPaise: Paise; reservedPaise: Paise };
  /** The most one call of this campaign can cost: it must fit under every cap. */
  worstCasePaise: Paise;
  nowMs: number;
}

/**
 * Why no call of this campaign could begin now, whoever it is for; empty when calls may begin. A coarse copy of the gate, so that
 * the planner does not plan what the gate would turn back: the gate alone allows calls.
 */
export function campaignBlockers(input: BlockerInput): Blocker[] {
  return [...ofTheLaw(input), ...ofTheNumbers(input), ...ofTheBreaker(input), ...ofTheMoney(input)];
}

function ofTheLaw(input: BlockerInput): Blocker[] {
  const facts = campaignFacts({ ...input, callerNumber: freeNumbers(input)[0] ?? input.callerNumbers[0] ?? null });
  const { verdict, findings } = judgeCampaign(facts, istFromMs(Math.floor(input.nowMs)));
  const untilMs = verdict.kind === "wait" ? verdict.until.toMillis() : null;
  const byReason = new Map<CampaignReason, Blocker>();
  for (const finding of findings) {
    if (finding.says === "call") continue;
    const reason = reasonOf(finding);
    if (byReason.has(reason)) continue;
    byReason.set(reason, { reason, untilMs: finding.says === "wait" ? untilMs : null, detail: finding.detail ?? "" });
  }
  return [...byReason.values()];
}

function reasonOf(finding: Finding): CampaignReason {
  if (finding.ruleId.includes("window")) return "window";
  if (finding.ruleId === "scrub-run") return "missing_scrub";
  if (finding.ruleId === "sender-brake") return "brake";
  if (finding.ruleId === "campaign-running") return "account_stopped";
  if (finding.code === "no_caller_number") return "no_caller_number";
  return "missing_papers";
}

function freeNumbers({ callerNumbers, coolingUntilMs, nowMs }: BlockerInput): E164[] {
  return callerNumbers.filter((number) => (coolingUntilMs.get(number) ?? 0) <= nowMs);
}

function ofTheNumbers(input: BlockerInput): Blocker[] {
  if (input.callerNumbers.length === 0 || freeNumbers(input).length > 0) return [];
  const untilMs = Math.min(...input.callerNumbers.map((number) => input.coolingUntilMs.get(number) ?? 0));
  return [{ reason: "no_caller_number", untilMs, detail: "every caller number of the campaign rests" }];
}

function ofTheBreaker({ breaker, nowMs }: BlockerInput): Blocker[] {
  if (!breaker || breaker.untilMs <= nowMs) return [];
  return [{ reason: "breaker", untilMs: breaker.untilMs, detail: breaker.cause }];
}

function ofTheMoney(input: BlockerInput): Blocker[] {
  const { definition, campaign, account, worstCasePaise } = input;
  if (!fitsCap({ capPaise: budgetPaise(definition), ...campaign }, worstCasePaise)) {
    return [{ reason: "budget", untilMs: null, detail: `the campaign's budget leaves no room for a further call of at most ₹${rupeesFromPaise(worstCasePaise)}` }];
  }
  if (!fitsCap({ ...account, spentPaise: account.spentTodayPaise }, worstCasePaise)) {
    const tomorrow = istFromMs(Math.floor(input.nowMs)).startOf("day").plus({ days: 1 });
    return [{ reason: "budget", untilMs: tomorrow.toMillis(), detail: "the account's budget of the day leaves no room for a further call" }];
  }
  return [];
}
