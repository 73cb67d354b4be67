import type { AccountId, CampaignId, ImportId } from "../domain/ids.ts";
import type { E164 } from "../domain/phone-number.ts";

/** How the calls of the last minutes fared, per campaign, list and caller number. */
export interface Tally {
  accountId: AccountId;
  campaignId: CampaignId;
  importId: ImportId | null;
  fromNumber: E164;
  /** Calls whose fate is known, or known to be unknown. */
  decided: number;
  /** Answered neither yes nor no by the carrier, or failed inside its network. */
  carrierFaults: number;
  /** Refused because of how we asked: permission, caller number, addresses. */
  ourFaults: number;
  /** The number itself is wrong. */
  listFaults: number;
  answered: number;
  /** Answered, and our media stream never opened. */
  unheard: number;
  /** Conversations that broke on our side. */
  brokenTalks: number;
}

/** An arm of the flow that fails, and why. Only this arm is to be shed. */
export type Diagnosis =
  | { arm: "carrier"; cause: "carrier" | "our_side"; share: number; sample: number }
  | { arm: "segment"; importId: ImportId; accountId: AccountId; cause: "list_segment"; share: number; sample: number }
  | { arm: "agent"; campaignId: CampaignId; accountId: AccountId; cause: "agent"; share: number; sample: number }
  | { arm: "caller"; number: E164; accountId: AccountId; cause: "blocked" | "unanswered"; share: number; sample: number };

/** Fewer calls than this prove nothing. */
const leastSample = 15;
const leastForAnswerRate = 50;
/** From this share of failures on, an arm is shed. */
const openShare = 0.5;
/** The rest of the flow must do better than this for the fault to be the arm's own. */
const restShare = 0.25;

/**
 * Names what is failing. A fault that keeps to one caller number or one list is that arm's; one that is everywhere is the
 * carrier's or ours. Pure.
 */
export function diagnose(tallies: readonly Tally[]): Diagnosis[] {
  const callers = callerFaults(tallies);
  const shed = new Set(callers.map((each) => each.number));
  const rest = tallies.filter((tally) => !shed.has(tally.fromNumber));
  return [...callers, ...segmentFaults(rest), ...agentFaults(rest), ...wholeFaults(rest)];
}

function wholeFaults(tallies: readonly Tally[]): Diagnosis[] {
  const decided = sum(tallies, (tally) => tally.decided);
  const carrier = sum(tallies, (tally) => tally.carrierFaults);
  const ours = sum(tallies, (tally) => tally.ourFaults);
  if (decided >= leastSample && (carrier + ours) / decided >= openShare) {
    return [{ arm: "carrier", cause: carrier >= ours ? "carrier" : "our_side", share: (carrier + ours) / decided, sample: decided }];
  }
  const answered = sum(tallies, (tally) => tally.answered);
  const unheard = sum(tallies, (tally) => tally.unheard);
  if (answered >= leastSample && unheard / answered >= openShare) return [{ arm: "carrier", cause: "our_side", share: unheard / answered, sample: answered }];
  return [];
}

function callerFaults(tallies: readonly Tally[]): Extract<Diagnosis, { arm: "caller" }>[] {
  const found: Extract<Diagnosis, { arm: "caller" }>[] = [];
  for (const [, own] of groups(tallies, (tally) => `${tally.accountId}/${tally.fromNumber}`)) {
    const [first] = own;
    if (!first) continue;
    const others = tallies.filter((tally) => !own.includes(tally));
    const decided = sum(own, (tally) => tally.decided);
    const othersDecided = sum(others, (tally) => tally.decided);
    const about = { arm: "caller", number: first.fromNumber, accountId: first.accountId, sample: decided } as const;
    const share = sum(own, (tally) => tally.carrierFaults) / Math.max(1, decided);
    const othersShare = sum(others, (tally) => tally.carrierFaults) / Math.max(1, othersDecided);
    if (decided >= leastSample && othersDecided >= leastSample && share >= openShare && othersShare < restShare) {
      found.push({ ...about, cause: "blocked", share });
      continue;
    }
    const answerRate = sum(own, (tally) => tally.answered) / Math.max(1, decided);
    const othersRate = sum(others, (tally) => tally.answered) / Math.max(1, othersDecided);
    if (decided >= leastForAnswerRate && othersDecided >= leastForAnswerRate && answerRate < othersRate / 3) {
      found.push({ ...about, cause: "unanswered", share: 1 - answerRate });
    }
  }
  return found;
}

function segmentFaults(tallies: readonly Tally[]): Diagnosis[] {
  const found: Diagnosis[] = [];
  for (const [, own] of groups(tallies, (tally) => tally.importId ?? "")) {
    const [first] = own;
    if (!first || first.importId === null) continue;
    const decided = sum(own, (tally) => tally.decided);
    const share = sum(own, (tally) => tally.listFaults) / Math.max(1, decided);
    if (decided >= leastSample && share >= openShare) {
      found.push({ arm: "segment", importId: first.importId, accountId: first.accountId, cause: "list_segment", share, sample: decided });
    }
  }
  return found;
}

function agentFaults(tallies: readonly Tally[]): Diagnosis[] {
  const found: Diagnosis[] = [];
  for (const [, own] of groups(tallies, (tally) => tally.campaignId)) {
    const [first] = own;
    if (!first) continue;
    const answered = sum(own, (tally) => tally.answered);
    const share = sum(own, (tally) => tally.brokenTalks) / Math.max(1, answered);
    if (answered >= leastSample && share >= openShare) {
      found.push({ arm: "agent", campaignId: first.campaignId, accountId: first.accountId, cause: "agent", share, sample: answered });
    }
  }
  return found;
}

function groups(tallies: readonly Tally[], keyOf: (tally: Tally) => string): Map<string, Tally[]> {
  const map = new Map<string, Tally[]>();
  for (const tally of tallies) {
    const key = keyOf(tally);
    map.set(key, [...(map.get(key) ?? []), tally]);
  }
  return map;
}

function sum(tallies: readonly Tally[], count: (tally: Tally) => number): number {
  return tallies.reduce((total, tally) => total + count(tally), 0);
}
