import type { Tx } from "../db/database.ts";
import { callerNumbersOf } from "../domain/caller-numbers.ts";
import type { DueClass } from "../domain/contact.ts";
import type { Definition } from "../domain/definition.ts";
import { type CampaignId, type ImportId, looksLikeId } from "../domain/ids.ts";
import { acknowledgedCodes } from "./campaign-facts.ts";
import { campaignBlockers } from "./campaign-blockers.ts";
import { talliesOf, type TallyLine } from "./contact-tally.queries.ts";
import { type LegalStanding, legalStandings } from "./legal-standing.queries.ts";
import * as queries from "./planner-board.queries.ts";
import { horizonSeconds } from "./horizon.ts";
import type { PlannerDeps } from "./ports.ts";
import { loadStandings } from "./standings.queries.ts";
import type { Standings } from "./standings.ts";
import type { Blocker, DueView } from "./why-idle.ts";

/** One running campaign as the planner sees it in one tick. */
export interface BoardCampaign extends queries.RunningCampaign {
  definition: Definition;
  planned: number;
  open: number;
  untaken: number;
  stuck: number;
  due: Record<DueClass, DueView>;
  tally: TallyLine[];
  blockers: Blocker[];
  shed: ShedList[];
}

/** A list whose calls fail: the dialer has opened its arm, the rest of the campaign goes on. */
export interface ShedList {
  contacts: number;
  untilMs: number;
  cause: string;
}

/** Everything one tick decides upon. Its cost grows with the campaigns and calls under way, never with the lists. */
export interface Board {
  campaigns: BoardCampaign[];
  plannedEverywhere: number;
  untakenEverywhere: number;
  openEverywhere: number;
  /** Lists nobody is planned from. */
  shedImports: ImportId[];
  standings: Standings;
}

/**
 * Longer than a planned attempt waits for its turn, where its campaign's pace is not slower still. One that waits on may lie
 * with a process that died, until the queue gives it up: it takes no room from others meanwhile.
 */
const turnMs = 4_000;
/** Half a minute after which a planned attempt that nobody took shows that the queue or the dialers stand still. */
const stuckAfterMs = 30_000;

export async function readBoard(tx: Tx, deps: PlannerDeps, input: { nowMs: number; dueBound: number }): Promise<Board> {
  const now = new Date(input.nowMs);
  const running = await queries.lockRunningCampaigns(tx);
  const campaignIds = running.map((campaign) => campaign.id);
  const counts = await queries.countAttempts(tx, { nowMs: input.nowMs, turnMs, stuckMs: stuckAfterMs, horizonSeconds });
  const definitions = await deps.definitions.load(tx, running);
  const breakers = new Map((await queries.openBreakers(tx, now)).map((row) => [row.key, row]));
  const shed = await shedLists(tx, [...breakers.values()]);
  const shedImports = shed.map((list) => list.importId);
  const due = Map.groupBy(await queries.countDue(tx, { campaignIds, bound: input.dueBound, shedImports, now }), (row) => row.campaign_id);
  const tallies = Map.groupBy(await talliesOf(tx, campaignIds), (line) => line.campaign_id);
  const blockersOf = await blockerReader(tx, deps, { running, breakers, nowMs: input.nowMs });
  const campaigns = running.flatMap((campaign): BoardCampaign[] => {
    const definition = definitions.get(campaign.id);
    if (!definition) {
      deps.log.error("a running campaign has a definition that cannot be read", { campaignId: campaign.id });
      return [];
    }
    const count = counts.find((each) => each.campaign_id === campaign.id);
    return [
      {
        ...campaign,
        definition,
        planned: count?.planned ?? 0,
        open: count?.open ?? 0,
        untaken: count?.untaken ?? 0,
        stuck: count?.stuck ?? 0,
        due: dueViews(due.get(campaign.id) ?? [], input.dueBound),
        tally: tallies.get(campaign.id) ?? [],
        blockers: blockersOf(campaign, definition),
        shed: shed.filter((list) => list.campaignId === campaign.id),
      },
    ];
  });
  return {
    campaigns,
    plannedEverywhere: counts.reduce((sum, count) => sum + count.planned, 0),
    untakenEverywhere: counts.reduce((sum, count) => sum + count.untaken, 0),
    openEverywhere: counts.reduce((sum, count) => sum + count.open, 0),
    shedImports,
    standings: await loadStandings(tx),
  };
}

interface OpenBreaker {
  key: string;
  until: Date;
  cause: string;
}

const listBreaker = "segment:";

async function shedLists(tx: Tx, breakers: readonly OpenBreaker[]): Promise<(ShedList & { importId: ImportId; campaignId: CampaignId })[]> {
  const open = new Map(breakers.filter(({ key }) => key.startsWith(listBreaker)).map((breaker) => [breaker.key.slice(listBreaker.length), breaker]));
  const imports = await queries.importsOf(tx, [...open.keys()].filter(looksLikeId).map((id) => id as ImportId));
  return imports.flatMap(({ id, campaign_id, accepted }) => {
    const breaker = open.get(id);
    return breaker ? [{ importId: id, campaignId: campaign_id, contacts: accepted, untilMs: breaker.until.getTime(), cause: breaker.cause }] : [];
  });
}

function dueViews(rows: readonly queries.DueRow[], bound: number): Record<DueClass, DueView> {
  const view = (dueClass: DueClass): DueView => {
    const row = rows.find((each) => each.due_class === dueClass);
    return { due: row?.due ?? 0, bounded: (row?.due ?? 0) >= bound, nextDueMs: row?.next_due_at?.getTime() ?? null };
  };
  return { callback: view("callback"), retry: view("retry"), fresh: view("fresh") };
}

type BlockerReader = (campaign: queries.RunningCampaign, definition: Definition) => Blocker[];

/** Reads what may stand against the campaigns, all at once, and answers for one of them. */
async function blockerReader(
  tx: Tx,
  deps: PlannerDeps,
  { running, breakers, nowMs }: { running: readonly queries.RunningCampaign[]; breakers: ReadonlyMap<string, OpenBreaker>; nowMs: number },
): Promise<BlockerReader> {
  const now = new Date(nowMs);
  const campaignIds = running.map((campaign) => campaign.id);
  const accountIds = [...new Set(running.map((campaign) => campaign.account_id))];
  const standings: Map<CampaignId, LegalStanding> = await legalStandings(tx, campaignIds, now);
  const money = new Map((await queries.readMoney(tx, campaignIds, now)).map((row) => [row.campaign_id, row]));
  const cooling = Map.groupBy(await queries.coolingNumbers(tx, accountIds, now), (row) => row.account_id);
  return (campaign, definition) => {
    const standing = standings.get(campaign.id);
    const spent = money.get(campaign.id);
    if (!standing || !spent) return [];
    const breaker = breakers.get("carrier") ?? breakers.get(`agent:${campaign.id}`);
    return campaignBlockers({
      definition,
      state: "running",
      standing,
      acknowledged: acknowledgedCodes(campaign.acknowledged, deps.acknowledged),
      callerNumbers: callerNumbersOf(definition, deps.callerNumbers),
      coolingUntilMs: new Map((cooling.get(campaign.account_id) ?? []).map((row) => [row.number, row.cooling_until?.getTime() ?? 0])),
      breaker: breaker ? { cause: breaker.cause, untilMs: breaker.until.getTime() } : null,
      campaign: { spentPaise: spent.campaign_spent, reservedPaise: spent.campaign_reserved },
      account: { capPaise: campaign.day_cap_paise, spentTodayPaise: spent.account_spent_today, reservedPaise: spent.account_reserved },
      worstCasePaise: deps.worstCasePaise(definition.limits.max_call_seconds),
      nowMs,
    });
  };
}
