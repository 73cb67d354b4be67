import type { Definition } from "../domain/definition.ts";
import type { E164 } from "../domain/phone-number.ts";
import type { AccountId, CampaignId } from "../domain/ids.ts";
import { budgetPaise, fitsCap } from "../domain/spending-cap.ts";
import { type Capacity, callerKey, type Money } from "./capacity.queries.ts";
import { chooseCaller } from "./choose-caller.ts";
import { callerFlow, campaignFlow, carrierFlow, type Flow, nextSendMs } from "./pace.ts";
import type { DialSettings } from "./ports.ts";

/** Whether there is room for one more call now: the numbers it may show, in the order to be tried, or why not and until when. */
export type Room =
  | { kind: "room"; numbers: readonly [E164, ...E164[]] }
  | { kind: "full"; code: RoomCode; untilMs: number };

/** Why nothing is dialed although the law allows it. Stable; shown to operators. */
export type RoomCode = "slots" | "campaign_concurrency" | "campaign_budget" | "account_budget" | "no_caller_number" | "caller_numbers_resting" | "pace";

/** How far ahead of its place a call may wait for it in a process: longer and it would keep a worker for nothing. */
export const paceHorizonMs = 4_000;
const slotRetryMs = 1_500;
const capRetryMs = 60_000;

export interface RoomQuestion {
  capacity: Capacity;
  definition: Definition;
  settings: DialSettings;
  accountId: AccountId;
  campaignId: CampaignId;
  dayCapPaise: number | null;
  pool: readonly E164[];
  worstCasePaise: number;
  nowMs: number;
}

/** Pure: asks slots, then money, then numbers, then pace. */
export function findRoom(q: RoomQuestion): Room {
  const { capacity, definition, settings, nowMs } = q;
  const full = (code: RoomCode, untilMs: number): Room => ({ kind: "full", code, untilMs });
  if (capacity.liveEverywhere >= settings.maxConcurrentCalls) return full("slots", nowMs + slotRetryMs);
  if ((capacity.liveOfCampaign.get(q.campaignId) ?? 0) >= definition.limits.concurrency) return full("campaign_concurrency", nowMs + slotRetryMs);
  if (!fitsCap({ capPaise: budgetPaise(definition), ...(capacity.moneyOfCampaign.get(q.campaignId) ?? unread) }, q.worstCasePaise)) {
    return full("campaign_budget", nowMs + capRetryMs);
  }
  if (!fitsCap({ capPaise: q.dayCapPaise, ...(capacity.moneyOfAccount.get(q.accountId) ?? unread) }, q.worstCasePaise)) {
    return full("account_budget", nowMs + capRetryMs);
  }
  const callers = chooseCaller(q.pool, (number) => capacity.callers.get(callerKey(q.accountId, number)), capacity.pace, nowMs);
  if (callers.kind === "none") return full("no_caller_number", nowMs + capRetryMs);
  if (callers.kind === "cooling") return full("caller_numbers_resting", callers.untilMs);
  const sendMs = nextSendMs(flowsOf(q, callers.numbers[0]), capacity.pace, nowMs);
  if (sendMs > nowMs + paceHorizonMs) return full("pace", sendMs - paceHorizonMs / 2);
  return { kind: "room", numbers: callers.numbers };
}

/** Money under a cap that was not asked for: nothing fits. */
const unread: Money = { spentPaise: Number.POSITIVE_INFINITY, reservedPaise: 0 };

/** The streams of calls a call from this number belongs to. */
export function flowsOf(q: Pick<RoomQuestion, "definition" | "settings" | "campaignId">, number: E164): Flow[] {
  const { callsPerSecond, callsPerSecondPerNumber } = q.settings;
  return [
    carrierFlow(callsPerSecond),
    campaignFlow(q.campaignId, q.definition.limits.cps),
    callerFlow(number, callsPerSecondPerNumber ?? callsPerSecond),
  ];
}
