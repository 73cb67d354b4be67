import type { Db } from "../db/database.ts";
import { Refusal } from "../domain/errors.ts";
import type { AccountId, CampaignId } from "../domain/ids.ts";
import { rupeesFromPaise } from "../domain/money.ts";
import { attemptsByHour, dispositions, latencies } from "./campaign-report.queries.ts";
import { campaignLine } from "./progress.queries.ts";

/** Dispositions that say nothing about how well people answer: the number was never a way to reach anybody. */
const outsideConnectRate: ReadonlySet<string> = new Set(["invalid_number"]);

/** What a campaign came to, in wire names; rupees and milliseconds. */
export interface CampaignReport {
  campaign_id: CampaignId;
  name: string;
  contacts_called: number;
  contacts_reached: number;
  /** Reached over called, invalid and blocked numbers left out; null before the first outcome. */
  connect_rate: number | null;
  attempts: number;
  dispositions: { disposition: string; contacts: number; reached: boolean }[];
  latency: { turns: number; reply_p50_ms: number | null; reply_p95_ms: number | null; greeting_p50_ms: number | null; greeting_p95_ms: number | null };
  cost: { total_inr: number; per_reached_inr: number | null; talk_minutes: number };
  /** By hour of the Indian day. */
  by_hour: { hour: number; attempts: number; answered: number; cost_inr: number }[];
}

/** Sums a campaign up. Throws a 404 refusal for a campaign that is not the account's. */
export async function campaignReport(deps: { db: Db }, input: { accountId: AccountId; campaignId: CampaignId }): Promise<CampaignReport> {
  const campaign = await campaignLine(deps.db, input.accountId, input.campaignId);
  if (!campaign) throw new Refusal(404, "campaign_not_found", "expected the id of one of this account's campaigns");
  const [hours, outcomes, latency] = await Promise.all([
    attemptsByHour(deps.db, input.campaignId),
    dispositions(deps.db, input.campaignId),
    latencies(deps.db, input.campaignId),
  ]);
  const reached = outcomes.reduce((sum, line) => sum + line.reached, 0);
  const called = outcomes.reduce((sum, line) => sum + Number(line.contacts), 0);
  const fair = outcomes.filter((line) => !outsideConnectRate.has(line.disposition)).reduce((sum, line) => sum + Number(line.contacts), 0);
  const costPaise = hours.reduce((sum, line) => sum + Number(line.cost_paise), 0);
  const talkSeconds = hours.reduce((sum, line) => sum + Number(line.talk_seconds), 0);
  const rupees = (paise: number): number => Number(rupeesFromPaise(Math.round(paise)));
  return {
    campaign_id: campaign.id,
    name: campaign.name,
    contacts_called: called,
    contacts_reached: reached,
    connect_rate: fair === 0 ? null : Math.round((reached / fair) * 1_000) / 1_000,
    attempts: hours.reduce((sum, line) => sum + Number(line.attempts), 0),
    dispositions: outcomes.map((line) => ({ disposition: line.disposition, contacts: Number(line.contacts), reached: line.reached > 0 })),
    latency: {
      turns: latency?.turns ?? 0,
      reply_p50_ms: latency?.p50 ?? null,
      reply_p95_ms: latency?.p95 ?? null,
      greeting_p50_ms: latency?.greeting_p50 ?? null,
      greeting_p95_ms: latency?.greeting_p95 ?? null,
    },
    cost: { total_inr: rupees(costPaise), per_reached_inr: reached === 0 ? null : rupees(costPaise / reached), talk_minutes: Math.round(talkSeconds / 6) / 10 },
    by_hour: hours.map((line) => ({ hour: line.hour, attempts: Number(line.attempts), answered: line.answered, cost_inr: rupees(Number(line.cost_paise)) })),
  };
}
