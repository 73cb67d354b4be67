import type { AccountId, CampaignId } from "../domain/ids.ts";

/** What the sharing remembers of one campaign between two ticks. */
export interface CampaignStanding {
  accountId: AccountId;
  /** Virtual time: calls received divided by weight, counted from the campaign furthest behind. */
  pass: number;
  /** Calls of higher classes that waiting retries and fresh contacts have let go before them. */
  passedOver: { retry: number; fresh: number };
}

/** Where everybody stands in the sharing. Whoever is not in it stands level with the one furthest behind. */
export interface Standings {
  accounts: ReadonlyMap<AccountId, number>;
  campaigns: ReadonlyMap<CampaignId, CampaignStanding>;
}

export const noStandings: Standings = { accounts: new Map(), campaigns: new Map() };

interface ServedAccount {
  id: AccountId;
  pass: number;
  campaigns: readonly (CampaignStanding & { id: CampaignId })[];
}

/**
 * The standings after a round, given the flows that had work in it. Passes are counted from the lowest of those, at each
 * level: numbers stay small over years, a debt shrinks while others are served, and whoever was idle without debt
 * is forgotten. Where nobody had work, time stood still and nothing changes.
 */
export function nextStandings(before: Standings, served: readonly ServedAccount[]): Standings {
  const accounts = new Map(before.accounts);
  const campaigns = new Map(before.campaigns);
  for (const account of served) accounts.set(account.id, account.pass);
  const level = lowestOf(served.map((account) => account.pass));
  const busy = new Set(served.map((account) => account.id));
  for (const [id, pass] of accounts) {
    if (pass > level || busy.has(id)) accounts.set(id, Math.max(0, pass - level));
    else accounts.delete(id);
  }
  for (const account of served) countFromLowest(campaigns, account);
  return { accounts, campaigns };
}

function countFromLowest(campaigns: Map<CampaignId, CampaignStanding>, account: ServedAccount): void {
  for (const { id, accountId, pass, passedOver } of account.campaigns) campaigns.set(id, { accountId, pass, passedOver });
  const level = lowestOf(account.campaigns.map((campaign) => campaign.pass));
  const busy = new Set(account.campaigns.map((campaign) => campaign.id));
  for (const [id, standing] of campaigns) {
    if (standing.accountId !== account.id) continue;
    if (standing.pass > level || busy.has(id)) campaigns.set(id, { ...standing, pass: Math.max(0, standing.pass - level) });
    else campaigns.delete(id);
  }
}

function lowestOf(passes: readonly number[]): number {
  return passes.length === 0 ? 0 : Math.min(...passes);
}
