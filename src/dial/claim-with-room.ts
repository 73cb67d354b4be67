import type { DateTime } from "luxon";
import type { Tx } from "../db/database.ts";
import type { AttemptId } from "../domain/ids.ts";
import { budgetPaise } from "../domain/spending-cap.ts";
import { takeTrials, trialEveryMs } from "./breaker-state.ts";
import { type Capacity, type CapacityQuestion, callerKey, lockSlots, noteCallerUse, readCapacity, takePace } from "./capacity.queries.ts";
import { type Claim, type ClaimInput, writeClaims } from "./claim.ts";
import { type Candidate, numberBusyMs, type Opinion } from "./gate-opinion.ts";
import { fateOf } from "./give-back.ts";
import type { Postponement } from "./give-back.queries.ts";
import { type CallerJudgement, judgeCallers } from "./judge-callers.ts";
import { nearnessOf } from "./near-place.ts";
import { afterSend, type FlowPace, nextSendMs, toleranceOf } from "./pace.ts";
import type { DialDeps } from "./ports.ts";
import { findRoom, flowsOf } from "./room.ts";
import { carrierGraceSeconds, worstCasePaise } from "./worst-case.ts";

/** A judgement made longer ago, because the slot lock was long in coming, is made again. */
const freshMs = 250;

/** A candidate and how often it came too early for its place. */
export type Asker = Candidate & { cameEarly: number };

export interface Allotted {
  claims: Claim[];
  postponed: Postponement[];
  /** Too early: their places lie so far ahead that they are not taken yet. */
  early: { attemptId: AttemptId; untilMs: number }[];
  /** What the law refused when asked again, of the numbers that are free. */
  refused: Extract<Opinion, { kind: "refused" }>[];
}

/**
 * Takes slots, money, numbers and places in the pace for candidates, one after another in their order, and claims those
 * for which there is room. Everything from the lock on is paid for by every other dialer, so it is counted once for all
 * candidates, reckoned in memory, and written in a few statements.
 */
export async function claimWithRoom(tx: Tx, deps: DialDeps, candidates: readonly Asker[]): Promise<Allotted> {
  const judgedMs = deps.clock.nowMs();
  await lockSlots(tx);
  const now = deps.clock.now();
  const nowMs = deps.clock.nowMs();
  let capacity = await readCapacity(tx, questionOf(deps, candidates, now.toJSDate()));
  const claiming: ClaimInput[] = [];
  const postponed: Postponement[] = [];
  const early: Allotted["early"] = [];
  const refused: Allotted["refused"] = [];
  const taken = new Set<string>();
  const places = new Map<string, FlowPace>();
  for (const candidate of candidates) {
    const { row } = candidate;
    const put = (code: string, untilMs: number) => postponed.push({ attemptId: row.attempt_id, code, untilMs });
    if (taken.has(row.number_key)) {
      put("number_busy", nowMs + numberBusyMs);
      continue;
    }
    const found = findPlace(deps, candidate, { capacity, now, nowMs, judgedMs });
    if (found.kind === "refused") {
      refused.push({ kind: "refused", row, ...fateOf(found.judged.judgement, row.campaign_state, nowMs), judged: found.judged });
      continue;
    }
    if (found.kind === "early") {
      early.push({ attemptId: row.attempt_id, untilMs: found.untilMs });
      continue;
    }
    if (found.kind === "none") {
      put(found.code, found.untilMs);
      continue;
    }
    if (!(await takeTrials(tx, row.breakers, nowMs))) {
      put("breaker_trial", nowMs + trialEveryMs);
      continue;
    }
    for (const place of found.places) places.set(place.key, place);
    capacity = capacityAfter(capacity, found.claim, found.places);
    taken.add(row.number_key);
    claiming.push(found.claim);
  }
  await takePace(tx, [...places].map(([key, pace]) => ({ ...pace, key })));
  await noteCallerUse(tx, { callers: claiming.map((claim) => ({ accountId: claim.row.account_id, number: claim.from })), at: now.toJSDate() });
  return { claims: await writeClaims(tx, deps, claiming), postponed, early, refused };
}

function questionOf(deps: DialDeps, candidates: readonly Candidate[], now: Date): CapacityQuestion {
  const cappedCampaigns = candidates.filter(({ definition }) => budgetPaise(definition) !== null).map(({ row }) => row.campaign_id);
  const cappedAccounts = candidates.filter(({ row }) => row.day_cap_paise !== null).map(({ row }) => row.account_id);
  const callers = new Map(candidates.flatMap(({ row, pool }) => pool.map((number) => [callerKey(row.account_id, number), { accountId: row.account_id, number }] as const)));
  const keys = candidates.flatMap(({ row, definition, pool }) => pool.flatMap((number) => flowsOf({ definition, settings: deps.settings, campaignId: row.campaign_id }, number).map((flow) => flow.key)));
  return { cappedCampaigns: [...new Set(cappedCampaigns)], cappedAccounts: [...new Set(cappedAccounts)], paceKeys: [...new Set(keys)], callers: [...callers.values()], now };
}

type Found =
  | { kind: "place"; claim: ClaimInput; places: readonly ({ key: string } & FlowPace)[] }
  | { kind: "refused"; judged: CallerJudgement }
  | { kind: "early"; untilMs: number }
  | { kind: "none"; code: string; untilMs: number };

function findPlace(deps: DialDeps, candidate: Asker, at: { capacity: Capacity; now: DateTime<true>; nowMs: number; judgedMs: number }): Found {
  const { row, definition, pool } = candidate;
  const { capacity, nowMs } = at;
  const worstCase = worstCasePaise(definition.limits.max_call_seconds, deps.settings.worstCasePerMinutePaise);
  const question = { capacity, definition, settings: deps.settings, accountId: row.account_id, campaignId: row.campaign_id, dayCapPaise: row.day_cap_paise, pool, worstCasePaise: worstCase, nowMs };
  const room = findRoom(question);
  if (room.kind === "full") return { kind: "none", code: room.code, untilMs: room.untilMs };
  const judged = stillJudged(candidate, room.numbers[0], at) ?? judgeCallers(room.numbers, candidate.factsFor, at.now);
  if (judged.judgement.verdict.kind !== "call" || judged.callerNumber === null) return { kind: "refused", judged };
  const flows = flowsOf(question, judged.callerNumber);
  const sendAtMs = nextSendMs(flows, capacity.pace, nowMs);
  const alternatives = () => room.numbers.map((number) => flowsOf(question, number));
  const nearness = nearnessOf(deps.spacing, { flows, alternatives, pace: capacity.pace, nowMs, cameEarly: candidate.cameEarly });
  if (nearness.kind === "early") return nearness;
  if (nearness.kind === "far") return { kind: "none", code: "pace", untilMs: nearness.untilMs };
  const spareMs = Math.max(0, deps.spacing.punctuality.lateMs(sendAtMs - nowMs) - toleranceOf(flows));
  return {
    kind: "place",
    places: afterSend(flows, capacity.pace, sendAtMs, spareMs),
    claim: {
      row,
      definition,
      from: judged.callerNumber,
      facts: judged.facts,
      findings: judged.judgement.findings,
      flows,
      sendAtMs,
      spareMs,
      strikes: capacity.strikes,
      worstCasePaise: worstCase,
      maxCallSeconds: definition.limits.max_call_seconds + carrierGraceSeconds,
      now: at.now,
    },
  };
}

/** The judgement made before the lock, if it is of the number whose turn it is and of this moment. */
function stillJudged(candidate: Candidate, number: string, at: { nowMs: number; judgedMs: number }): CallerJudgement | undefined {
  return candidate.judged.callerNumber === number && at.nowMs - at.judgedMs <= freshMs ? candidate.judged : undefined;
}

/** What is left for the next candidate. */
function capacityAfter(capacity: Capacity, claim: ClaimInput, places: readonly ({ key: string } & FlowPace)[]): Capacity {
  const { row, from } = claim;
  const reserve = <K>(money: ReadonlyMap<K, { spentPaise: number; reservedPaise: number }>, key: K) => {
    const before = money.get(key);
    return before ? new Map(money).set(key, { ...before, reservedPaise: before.reservedPaise + claim.worstCasePaise }) : money;
  };
  return {
    ...capacity,
    liveEverywhere: capacity.liveEverywhere + 1,
    liveOfCampaign: new Map(capacity.liveOfCampaign).set(row.campaign_id, (capacity.liveOfCampaign.get(row.campaign_id) ?? 0) + 1),
    moneyOfCampaign: reserve(capacity.moneyOfCampaign, row.campaign_id),
    moneyOfAccount: reserve(capacity.moneyOfAccount, row.account_id),
    pace: new Map([...capacity.pace, ...places.map(({ key, nextMs, evenMs }) => [key, { nextMs, evenMs }] as const)]),
    callers: new Map(capacity.callers).set(callerKey(row.account_id, from), { number: from, lastUsedMs: claim.now.toMillis(), coolingUntilMs: null }),
  };
}
