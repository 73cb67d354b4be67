import { type DueClass, dueClasses } from "../domain/contact.ts";
import type { AccountId, CampaignId } from "../domain/ids.ts";
import { type CampaignStanding, nextStandings, type Standings } from "./standings.ts";

/** One account that wants to dial: its weight and the most attempts it may be given now. */
export interface AccountClaim {
  accountId: AccountId;
  weight: number;
  room: number;
}

/** One campaign that wants to dial. `room` is what its own pace and concurrency leave; `due` counts contacts by class. */
export interface CampaignClaim {
  campaignId: CampaignId;
  accountId: AccountId;
  weight: number;
  room: number;
  due: Readonly<Record<DueClass, number>>;
}

export interface Grant {
  campaignId: CampaignId;
  dueClass: DueClass;
  count: number;
}

/** How many calls a flow may run ahead of its share for the sake of a higher class; paid back from its later share. */
const leadCalls: Readonly<Record<DueClass, number>> = { callback: 6, retry: 1, fresh: 0 };

/** After this many calls of higher classes a waiting retry, or a fresh contact, goes next: a class never starves. */
const patienceCalls = { retry: 9, fresh: 19 } as const;

interface CampaignFlow extends CampaignStanding {
  id: CampaignId;
  weight: number;
  room: number;
  due: Record<DueClass, number>;
}

interface AccountFlow {
  id: AccountId;
  weight: number;
  room: number;
  pass: number;
  campaigns: CampaignFlow[];
}

/**
 * Shares out `capacity` attempts: first among accounts, then among each account's campaigns, by weight; inside a
 * campaign a promised callback goes before a due retry and a retry before a fresh contact.
 *
 * This is start-time fair queueing with borrowed virtual time: every call given moves its flow's pass on by
 * 1/weight and the flow with the lowest pass goes next, so over time flows that always have work receive in
 * proportion to their weights. A flow with a promised callback is moved forward by a bounded lead. A flow that had
 * nothing to do rejoins level with the one furthest behind: idleness earns no credit and forgives no debt. Nothing is
 * given that is not due, nor above anyone's room, and nothing that can be used is withheld.
 */
export function shareCapacity(
  capacity: number,
  claims: { accounts: readonly AccountClaim[]; campaigns: readonly CampaignClaim[] },
  standings: Standings,
): { grants: Grant[]; standings: Standings } {
  const accounts = flowsOf(claims, standings);
  const given = new Map<CampaignId, Record<DueClass, number>>();
  for (let left = Math.floor(capacity); left > 0; left -= 1) {
    const account = lowest(accounts.filter(accountHasWork), (flow) => Math.max(...flow.campaigns.map(leadOf)));
    if (!account) break;
    const campaign = lowest(account.campaigns.filter(campaignHasWork), leadOf);
    if (!campaign) break;
    const dueClass = nextClass(campaign);
    serve(account, campaign, dueClass);
    const counts = given.get(campaign.id) ?? { callback: 0, retry: 0, fresh: 0 };
    counts[dueClass] += 1;
    given.set(campaign.id, counts);
  }
  return { grants: grantsOf(given), standings: nextStandings(standings, accounts) };
}

function flowsOf(
  claims: { accounts: readonly AccountClaim[]; campaigns: readonly CampaignClaim[] },
  standings: Standings,
): AccountFlow[] {
  const byAccount = Map.groupBy(claims.campaigns, (campaign) => campaign.accountId);
  return claims.accounts
    .map((account) => ({
      id: account.accountId,
      weight: account.weight,
      room: Math.floor(account.room),
      pass: standings.accounts.get(account.accountId) ?? 0,
      campaigns: (byAccount.get(account.accountId) ?? []).map((campaign) => campaignFlow(campaign, standings)).filter(campaignHasWork),
    }))
    .filter(accountHasWork);
}

function campaignFlow(claim: CampaignClaim, standings: Standings): CampaignFlow {
  const known = standings.campaigns.get(claim.campaignId);
  return {
    id: claim.campaignId,
    accountId: claim.accountId,
    weight: claim.weight,
    room: Math.floor(claim.room),
    due: { ...claim.due },
    pass: known?.pass ?? 0,
    passedOver: { retry: known?.passedOver.retry ?? 0, fresh: known?.passedOver.fresh ?? 0 },
  };
}

function accountHasWork(account: AccountFlow): boolean {
  return account.room >= 1 && account.campaigns.some(campaignHasWork);
}

function campaignHasWork(campaign: CampaignFlow): boolean {
  return campaign.room >= 1 && dueClasses.some((dueClass) => campaign.due[dueClass] > 0);
}

/** The flow with the lowest pass after its lead; ties go to the smaller id, so that the answer is one and the same. */
function lowest<F extends { id: string; pass: number; weight: number }>(flows: readonly F[], leadOfFlow: (flow: F) => number): F | undefined {
  let best: { flow: F; key: number } | undefined;
  for (const flow of flows) {
    const key = flow.pass - leadOfFlow(flow) / flow.weight;
    if (!best || key < best.key || (key === best.key && flow.id < best.flow.id)) best = { flow, key };
  }
  return best?.flow;
}

function leadOf(campaign: CampaignFlow): number {
  return campaignHasWork(campaign) ? leadCalls[nextClass(campaign)] : 0;
}

function nextClass(campaign: CampaignFlow): DueClass {
  const { due, passedOver } = campaign;
  if (due.fresh > 0 && passedOver.fresh >= patienceCalls.fresh) return "fresh";
  if (due.retry > 0 && passedOver.retry >= patienceCalls.retry) return "retry";
  return dueClasses.find((dueClass) => due[dueClass] > 0) ?? "fresh";
}

function serve(account: AccountFlow, campaign: CampaignFlow, dueClass: DueClass): void {
  const { passedOver, due } = campaign;
  if (dueClass === "callback" && due.retry > 0) passedOver.retry += 1;
  if (dueClass !== "fresh" && due.fresh > 0) passedOver.fresh += 1;
  if (dueClass !== "callback") passedOver[dueClass] = 0;
  due[dueClass] -= 1;
  for (const flow of [account, campaign]) {
    flow.room -= 1;
    flow.pass += 1 / flow.weight;
  }
}

function grantsOf(given: ReadonlyMap<CampaignId, Record<DueClass, number>>): Grant[] {
  return [...given].flatMap(([campaignId, counts]) =>
    dueClasses.filter((dueClass) => counts[dueClass] > 0).map((dueClass) => ({ campaignId, dueClass, count: counts[dueClass] })),
  );
}
