import { performance } from "node:perf_hooks";
import { sql } from "kysely";
import type { Database } from "../../src/db/database.ts";
import type { AccountId, CampaignId } from "../../src/domain/ids.ts";
import { progress } from "../../src/report/progress.ts";
import { planTick } from "../../src/schedule/plan-tick.ts";
import { addCampaign, addContacts, reminder } from "../schedule/list-fixture.ts";
import { type PlannerWorld, plannerWorld } from "../schedule/planner-fixture.ts";
import { rowWriter } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";
import { benchServer } from "./bench-database.ts";
import type { BenchResult } from "./bench-result.ts";
import { addHistory, gateTurn } from "./gate-turns.ts";

const kinds = ["planner tick", "gate", "progress"] as const;
type Kind = (typeof kinds)[number];

interface Subject {
  contacts: number;
  database: Database;
  world: PlannerWorld;
  accountId: AccountId;
  campaignId: CampaignId;
  tookMs: Readonly<Record<Kind, number[]>>;
}

/** What one tick plans at this pace: the smallest list must outlast the ticks, or its campaign ends before the bench does. */
const capacity = { callsPerSecond: 10, concurrentCalls: 100 };

/**
 * The cost of one tick of the planner, under load (thirty attempts planned, handed over and settled per tick), of one attempt
 * at the gate (facts, verdict, slot, claim, evidence) and of one reading of progress, for campaigns of several sizes, half
 * of each already called, with calls, evidence and register in proportion. The sizes take turns, so that what else the
 * machine does falls on all of them alike. Bar: the largest costs at most 1.3 times the smallest.
 */
export async function benchPlanFlat(options: { ticks?: number; sizes?: readonly number[] } = {}): Promise<BenchResult[]> {
  const server = await benchServer();
  try {
    const subjects: Subject[] = [];
    for (const contacts of options.sizes ?? [10_000, 100_000, 1_000_000]) {
      subjects.push(await makeSubject(await server.open(`list_of_${contacts}`), contacts));
    }
    const ticks = options.ticks ?? 150;
    for (let tick = 0; tick < ticks; tick += 1) {
      for (const subject of subjects) await takeTurn(subject, tick, tick >= ticks / 5);
    }
    return [
      ...subjects.flatMap(({ contacts, tookMs }) => kinds.map((kind) => line(`${kind} at ${contacts.toLocaleString("en")} contacts`, median(tookMs[kind])))),
      ...kinds.map((kind) => ratio(kind, subjects.map(({ tookMs }) => median(tookMs[kind])))),
    ];
  } finally {
    await server.close();
  }
}

function line(measure: string, value: number): BenchResult {
  return { bench: "flat", measure, value: round(value), unit: "ms (median)", bar: "see ratio", met: true };
}

function ratio(what: string, values: readonly number[]): BenchResult {
  const value = Math.max(...values) / Math.min(...values);
  return { bench: "flat", measure: `${what}: largest over smallest`, value: round(value), unit: "×", bar: "≤ 1.3", met: value <= 1.3 };
}

async function makeSubject(database: Database, contacts: number): Promise<Subject> {
  const { db } = database;
  const world = plannerWorld(database, { capacity });
  const accountId = await rowWriter(db, world.clock, testVault(db)).account();
  const campaignId = await addCampaign(db, accountId, { definition: { ...reminder, limits: { cps: 10, concurrency: 100 } } });
  await addContacts(db, accountId, campaignId, contacts / 2);
  await addContacts(db, accountId, campaignId, contacts / 2, { state: "done", disposition: "promise_to_pay" });
  await addHistory({ database, clock: world.clock, accountId, campaignId });
  await sql`vacuum analyze`.execute(db);
  return { contacts, database, world, accountId, campaignId, tookMs: { "planner tick": [], gate: [], progress: [] } };
}

/** One tick, one attempt at the gate and one reading; `counts` is false while caches are cold and statements unplanned. */
async function takeTurn(subject: Subject, turn: number, counts: boolean): Promise<void> {
  const { database, world, accountId, campaignId, tookMs } = subject;
  world.clock.advance(1_000);
  const took: Record<Kind, number> = {
    "planner tick": await timed(() => planTick(world)),
    progress: await timed(() => progress(database, { accountId, campaignId })),
    gate: 0,
  };
  await settlePlanned(database, campaignId);
  took.gate = await gateTurn({ database, clock: world.clock, accountId, campaignId }, turn);
  if (counts) for (const kind of kinds) tookMs[kind].push(took[kind]);
}

/** Stands in for dialer and outcome: every planned attempt is over and its contact done. */
async function settlePlanned(database: Database, campaignId: CampaignId): Promise<void> {
  await sql`
    with over as (update attempts set state = 'refused' where campaign_id = ${campaignId} and state = 'planned' returning contact_id)
    update contacts set state = 'done', disposition = 'promise_to_pay' where id = any(array(select contact_id from over))
  `.execute(database.db);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
