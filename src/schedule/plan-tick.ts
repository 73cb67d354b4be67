import type { Tx } from "../db/database.ts";
import { type AttemptId, newId } from "../domain/ids.ts";
import { noteReasons } from "./campaign-notes.queries.ts";
import { finishCampaigns, seemOver, windDownCancelled, withdrawStrays } from "./close-campaigns.ts";
import { compactTallies } from "./contact-tally.queries.ts";
import { type AttemptName, planAttempts, takeUnannounced } from "./planned-attempts.queries.ts";
import { planRound, plannedLimit } from "./plan-round.ts";
import { takeLead } from "./planner-board.queries.ts";
import type { PlannerDeps } from "./ports.ts";
import { type BoardCampaign, readBoard } from "./read-board.ts";
import { saveStandings } from "./standings.queries.ts";
import { giveBackPutOff } from "./withdraw-planned.queries.ts";

/** What one tick did. `led: false`: another process was planning at that moment, nothing was done. */
export interface TickReport {
  led: boolean;
  planned: number;
  reannounced: number;
  finished: number;
}

/** An announcement of which nothing came for so long is made again: the queue may have lost it. */
export const announceAgainAfterMs = 10_000;

/** Rows of tallies a campaign may gather before they are added together. */
const tallyRowsKept = 200;

/**
 * One tick of the planner: plans a few seconds of work, fairly shared among the running campaigns, notes why the others
 * wait, ends what is over, and announces the planned attempts. Any number of processes may call it: one at a time does
 * the work. Everything is committed before it is announced, so a queue that is down or loses everything costs time and
 * nothing else: what nobody took is announced again.
 */
export async function planTick(deps: PlannerDeps): Promise<TickReport> {
  const tick = await deps.db.transaction().execute(async (tx) => ((await takeLead(tx)) ? lead(tx, deps) : undefined));
  if (!tick) return { led: false, planned: 0, reannounced: 0, finished: 0 };
  await announceAll(deps, [...tick.reannounced, ...tick.planned]);
  const finished = await finishCampaigns(deps, tick.over);
  return { led: true, planned: tick.planned.length, reannounced: tick.reannounced.length, finished };
}

interface Tick {
  planned: AttemptId[];
  reannounced: AttemptId[];
  /** Campaigns that seem to have ended. */
  over: BoardCampaign[];
}

async function lead(tx: Tx, deps: PlannerDeps): Promise<Tick> {
  const nowMs = deps.clock.nowMs();
  const now = new Date(nowMs);
  await withdrawStrays(tx, now);
  await windDownCancelled(tx, now);
  const limit = plannedLimit(deps.capacity);
  await giveBackPutOff(tx, { nowMs, limit: 10 * limit });
  const reannounced = await takeUnannounced(tx, { announcedBefore: new Date(nowMs - announceAgainAfterMs), limit, now });
  const board = await readBoard(tx, deps, { nowMs, dueBound: limit + 1 });
  const round = planRound(board, deps.capacity);
  const names = attemptNames(deps, round.grants.reduce((sum, grant) => sum + grant.count, 0));
  const planned = await planAttempts(tx, { grants: round.grants, names, shedImports: board.shedImports, now });
  await saveStandings(tx, board.standings, round.standings);
  const notes = board.campaigns.map(({ id, account_id }) => ({ campaignId: id, accountId: account_id, reasons: round.reasons.get(id) ?? [] }));
  await noteReasons(tx, notes, now);
  await compactTallies(tx, { campaignIds: board.campaigns.map((campaign) => campaign.id), above: tallyRowsKept });
  return { planned, reannounced, over: seemOver(board.campaigns) };
}

/** Names for `count` attempts; a token is 128 random bits, because whoever knows it may speak for the call. */
function attemptNames(deps: Pick<PlannerDeps, "clock" | "random">, count: number): AttemptName[] {
  return Array.from({ length: count }, () => ({
    id: newId<AttemptId>(deps.clock, deps.random),
    token: Buffer.from(deps.random.bytes(16)).toString("base64url"),
  }));
}

async function announceAll(deps: Pick<PlannerDeps, "queue" | "log">, attemptIds: readonly AttemptId[]): Promise<void> {
  if (attemptIds.length === 0) return;
  try {
    await deps.queue.announce("place_attempt", attemptIds.map((attemptId) => ({ attemptId })));
  } catch (error) {
    deps.log.warn("could not announce planned attempts; they will be announced again", { attempts: attemptIds.length, error });
  }
}
