import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runningClock } from "../../src/adapters/system/clock.ts";
import type { Database } from "../../src/db/database.ts";
import { type CrashPoint, crashPoints } from "../../src/dial/ports.ts";
import type { AttemptState } from "../../src/domain/attempt.ts";
import { type Clock, pause } from "../../src/domain/clock.ts";
import type { AttemptId } from "../../src/domain/ids.ts";
import type { CallFaults } from "../../src/simulator/faults.ts";
import { startPhoneWorld } from "../../src/simulator/phone-world.ts";
import { gone, startChaosDialer } from "../support/chaos-dialer.ts";
import { openChaosQueue } from "../support/chaos-queue.ts";
import { silentLog } from "../support/log.ts";
import type { TestRedis } from "../support/redis.ts";
import { rowWriter, testDefinition, testNumber } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";
import { passTime, tell } from "./pass-time.ts";

/** Where the process dies: at a named point of ours, or while the carrier has its request and has not answered. */
export type DeathPoint = CrashPoint | "request_flushed";
export const deathPoints: readonly DeathPoint[] = [...crashPoints, "request_flushed"];

/** What the carrier does wrong in the same moment. */
export const carrierFaults: Readonly<Record<string, CallFaults>> = {
  none: {},
  answer_lost: { create: "lost_response" },
  answer_never: { create: "no_answer" },
  error_and_call: { create: "error_after" },
  error_no_call: { create: "error_before" },
  reset_no_call: { create: "reset_before" },
  too_many_requests: { create: "rate_limited" },
  callbacks_first: { callbackBefore201: true },
  callbacks_never: { callbacksDropped: "all" },
  callbacks_reversed_twice: { callbacksReversed: true, callbackCopies: 2 },
  callbacks_late: { callbackDelayMs: 30_000 },
};

/** Who takes over: the process started again under its name, or another that was running all along. */
export type TakeOver = "same_node" | "other_node";

export interface Cell {
  death: DeathPoint;
  fault: string;
  takeOver: TakeOver;
}

export interface MatrixReport {
  cells: number;
  calls: number;
  rungTwice: string[];
  lost: string[];
  slotsLeaked: number;
}

const accountSid = "AC00000000000000000000000000000000";
const authToken = "token-of-the-phone-world";
const startMs = Date.parse("2026-12-01T10:30:00+05:30");
/** Long enough for the last look at an attempt without a trace, and the repeats of those given back. */
const restMs = 1_560_000;

/** Every death at every fault. Too many requests come last: they make every dialer leave the carrier alone. */
export function allCells(takeOver: TakeOver): Cell[] {
  const faults = [...Object.keys(carrierFaults).filter((fault) => fault !== "too_many_requests"), "too_many_requests"];
  return faults.flatMap((fault) => deathPoints.map((death) => ({ death, fault, takeOver })));
}

export interface MatrixOptions {
  /** How much faster than life time runs. */
  rate: number;
  seed: number;
  /** Victims at once. */
  lanes: number;
  /** Keeps the queue; without it the queue is in the database. */
  redis?: TestRedis;
  restMs?: number;
}

/**
 * Places one call per cell in a process of its own that takes the job from the queue and is killed with SIGKILL at the
 * cell's point, lets another process take over, and asks the carrier's ledger afterwards (docs/reliability.md R1.1): nobody rung
 * twice, nobody forgotten, no slot kept. Meanwhile the carrier's list lags and fails, and a Redis loses all it held.
 * All cells must be of one kind of taking over.
 */
export async function runMatrix(database: Database & { url: string }, cells: readonly Cell[], options: MatrixOptions): Promise<MatrixReport> {
  const clock = runningClock({ startMs, rate: options.rate });
  const realStartMs = performance.timeOrigin + performance.now();
  const world = await startPhoneWorld({ clock, log: silentLog, accountSid, authToken, seed: options.seed, assign: () => "busy", callsPerSecond: 1_000, concurrentRequests: 1_000 });
  world.faults.listLagMs = 30_000;
  const compiled = await mkdtemp(join(tmpdir(), "chaos-compiled-"));
  const lanes = Array.from({ length: options.lanes }, (_, lane) => `lane-${lane}`);
  const redisUrl = options.redis?.url ?? null;
  const common = { databaseUrl: database.url, carrierOrigin: world.origin, accountSid, authToken, startMs, realStartMs, rate: options.rate };
  const survivor = (name: string) =>
    startChaosDialer({ ...common, part: "survivor", name, queue: { redisUrl, names: lanes }, carrierTimeoutMs: 20_000, dieAt: null, lingerMs: 0 }, compiled);
  let surviving = cells[0]?.takeOver === "other_node" ? survivor("node-2") : undefined;
  try {
    const placed = await plannedCells(database, cells);
    for (const { cell, number } of placed) world.faults.onNumber(number, carrierFaults[cell.fault] ?? {});
    await inLanes(placed, lanes, async ({ cell, attemptId, number }, lane) => {
      const queue = await openChaosQueue({ redisUrl, databaseUrl: database.url }, lane);
      await queue.announce("place_attempt", [{ attemptId }]);
      const dieAt = cell.death === "request_flushed" ? null : cell.death;
      const dialer = startChaosDialer({ ...common, part: "victim", name: "node-1", queue: { redisUrl, names: [lane] }, carrierTimeoutMs: 1_500, dieAt, lingerMs: 20_000 }, compiled);
      if (cell.death === "request_flushed") {
        await Promise.race([gone(dialer), world.ledger.until((event) => event.kind === "created" && event.to === number)]);
        dialer.kill("SIGKILL");
      }
      await gone(dialer);
      await queue.stop();
    });
    // The faults are over, but for a carrier's list that fails at first: from here on everything must come to rest.
    for (const { number } of placed) world.faults.onNumber(number, {});
    world.faults.failLists(500, 5);
    await options.redis?.crash();
    await options.redis?.restart();
    surviving ??= survivor("node-1");
    await tell(surviving, { kind: "take_over" });
    const now = new Date(clock.nowMs());
    await database.db.updateTable("attempts").set({ due_at: now, announced_at: null }).where("state", "=", "planned").where("due_at", ">", now).execute();
    await passTime(options.restMs ?? restMs, clock, surviving);
    await settled(database, clock);
    return await report(database, placed, world.ledger.calls());
  } finally {
    surviving?.kill("SIGKILL");
    if (surviving) await gone(surviving);
    await world.close();
    await rm(compiled, { recursive: true, force: true });
  }
}

/** A machine that is too busy for this pace takes longer; who is still not at rest after as long again is lost. */
async function settled(database: Database, clock: Clock): Promise<void> {
  const untilMs = clock.nowMs() + restMs;
  const open = () => database.db.selectFrom("attempts").where("state", "not in", [...atRest]).select("id").limit(1).execute();
  while (clock.nowMs() < untilMs && (await open()).length > 0) await pause(clock, 5_000);
}

const atRest = ["ended", "rejected", "closed_unknown"] as const satisfies readonly AttemptState[];

interface PlacedCell {
  cell: Cell;
  attemptId: AttemptId;
  number: string;
}

async function plannedCells(database: Database, cells: readonly Cell[]): Promise<PlacedCell[]> {
  const rows = rowWriter(database.db, runningClock({ startMs }), testVault(database.db));
  const account = await rows.account();
  const campaign = await rows.campaign(account, { definitionSource: testDefinition({ limits: { cps: 20, concurrency: 1_000, ring_seconds: 25, max_call_seconds: 60 } }) });
  const placed: PlacedCell[] = [];
  for (const [index, cell] of cells.entries()) {
    const number = testNumber(index);
    const contact = await rows.contact(account, campaign, number, { state: "planned" });
    // Not due for the survivor before its own process has died.
    placed.push({ cell, number, attemptId: await rows.attempt(contact, { due_at: new Date(startMs + 36_000_000) }) });
  }
  return placed;
}

async function inLanes<T>(things: readonly T[], lanes: readonly string[], work: (thing: T, lane: string) => Promise<void>): Promise<void> {
  const queue = [...things];
  const inLane = async (lane: string): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) await work(next, lane);
  };
  await Promise.all(lanes.map(inLane));
}

async function report(database: Database, placed: readonly PlacedCell[], calls: readonly { to: string }[]): Promise<MatrixReport> {
  const name = ({ cell }: PlacedCell): string => `${cell.death} × ${cell.fault} × ${cell.takeOver}`;
  const attempts = await database.db.selectFrom("attempts").select(["id", "state"]).execute();
  const stateOf = new Map(attempts.map((attempt) => [attempt.id, attempt.state]));
  const resting = new Set<string>(atRest);
  return {
    cells: placed.length,
    calls: calls.length,
    rungTwice: placed.filter(({ number }) => calls.filter((call) => call.to === number).length > 1).map(name),
    lost: placed.filter(({ attemptId }) => !resting.has(stateOf.get(attemptId) ?? "")).map((each) => `${name(each)} is ${stateOf.get(each.attemptId)}`),
    slotsLeaked: attempts.filter(({ state }) => !resting.has(state) && state !== "planned" && state !== "refused").length,
  };
}

