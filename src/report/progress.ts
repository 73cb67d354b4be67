import type { Db } from "../db/database.ts";
import { type AttemptState, openStates } from "../domain/attempt.ts";
import type { CampaignState } from "../domain/campaign.ts";
import type { Clock } from "../domain/clock.ts";
import { contactStates } from "../domain/contact.ts";
import { Refusal } from "../domain/errors.ts";
import type { AccountId, CampaignId } from "../domain/ids.ts";
import { istTextOrNull } from "../domain/ist-text.ts";
import { campaignLine, funnelLines, importTotals, openAttempts } from "./progress.queries.ts";
import { type Funnel, type NotDialing, whyNotDialing } from "./why-not-dialing.ts";

/** Where a campaign stands, in wire names. Instants are ISO 8601 with +05:30. */
export interface Progress {
  campaign_id: CampaignId;
  name: string;
  state: CampaignState;
  paused_because: string | null;
  started_at: string | null;
  finished_at: string | null;
  /** Rows of the lists as uploaded, and those refused with a written reason. */
  rows: { uploaded: number; accepted: number; rejected: number };
  contacts: number;
  /** Every contact is in exactly one state; `reasons` says why it is there, where there is a why. */
  funnel: Funnel;
  live_calls: number;
  calls_by_state: Partial<Record<AttemptState, number>>;
  /** Why contacts are not being dialed at this moment; empty when nothing stands in the way, and when all is over. */
  not_dialing_because: NotDialing[];
}

/**
 * Tells where a campaign stands, at a cost that does not grow with its list. With a clock it also notices that no process
 * is planning. Throws a 404 refusal for a foreign campaign.
 */
export async function progress(deps: { db: Db; clock?: Clock }, input: { accountId: AccountId; campaignId: CampaignId }): Promise<Progress> {
  const campaign = await campaignLine(deps.db, input.accountId, input.campaignId);
  if (!campaign) throw new Refusal(404, "campaign_not_found", "expected the id of one of this account's campaigns");
  const [lines, open, imports] = await Promise.all([
    funnelLines(deps.db, input.campaignId),
    openAttempts(deps.db, input.accountId, input.campaignId),
    importTotals(deps.db, input.campaignId),
  ]);
  const funnel = emptyFunnel();
  for (const line of lines) {
    const state = contactStates.find((one) => one === line.state);
    if (!state) throw new Error(`expected a contact state in the tallies, got ${line.state}`);
    funnel[state].contacts += Number(line.contacts);
    if (line.reason !== null) funnel[state].reasons[line.reason] = (funnel[state].reasons[line.reason] ?? 0) + Number(line.contacts);
  }
  const callsByState: Partial<Record<AttemptState, number>> = {};
  for (const state of openStates) {
    const attempts = open.find((line) => line.state === state)?.attempts;
    if (attempts !== undefined) callsByState[state] = Number(attempts);
  }
  const uploaded = Number(imports.rows ?? 0);
  const accepted = Number(imports.accepted ?? 0);
  return {
    campaign_id: campaign.id,
    name: campaign.name,
    state: campaign.state,
    paused_because: campaign.paused_because,
    started_at: istTextOrNull(campaign.started_at),
    finished_at: istTextOrNull(campaign.finished_at),
    rows: { uploaded, accepted, rejected: uploaded - accepted },
    contacts: Object.values(funnel).reduce((sum, state) => sum + state.contacts, 0),
    funnel,
    live_calls: Object.values(callsByState).reduce((sum, attempts) => sum + attempts, 0),
    calls_by_state: callsByState,
    not_dialing_because: whyNotDialing(campaign, funnel, deps.clock?.nowMs() ?? null),
  };
}

function emptyFunnel(): Funnel {
  const none = () => ({ contacts: 0, reasons: {} });
  return { waiting: none(), planned: none(), done: none(), exhausted: none(), blocked: none(), held: none(), cancelled: none() };
}
