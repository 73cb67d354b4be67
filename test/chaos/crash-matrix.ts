import { runningClock } from "../../src/adapters/system/clock.ts";
import type { Database } from "../../src/db/database.ts";
import { type CrashPoint, crashPoints } from "../../src/dial/ports.ts";
import { pause } from "../../src/domain/clock.ts";
import type { AttemptId } from "../../src/domain/ids.ts";
import type { CallFaults } from "../../src/simulator/faults.ts";
import { startPhoneWorld } from "../../src/simulator/phone-world.ts";
import { gone, startChaosDialer } from "../support/chaos-dialer.ts";
import { silentLog } from "../support/log.ts";
import { rowWriter, testDefinition, testNumber } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";

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

/**
 * Places one call per cell in a process of its own that is killed with SIGKILL at the cell's point, lets another process
 * take over, and asks the carrier's ledger afterwards (reliability.md R1.1): nobody rung twice, nobody forgotten, no slot
 * kept. All cells must be of one kind of taking over.
 */
export async function runMatrix(database: Database & { url: string }, cells: readonly Cell[], options: { rate: number; seed: number; lanes: number; restMs?: number }): Promise<MatrixReport> {
  const clock = runningClock({ startMs, rate: options.rate });
  const realStartMs = performance.timeOrigin + performance.now();
  const world = await startPhoneWorld({ clock, log: silentLog, accountSid, authToken, seed: options.seed, assign: () => "busy", callsPerSecond: 1_000, concurrentRequests: 1_000 });
  world.faults.listLagMs = 20_000;
  const common = { databaseUrl: database.url, carrierOrigin: world.origin, accountSid, authToken, startMs, realStartMs, rate: options.rate };
  const survivor = (name: string) => startChaosDialer({ ...common, name, attemptId: null, dieAt: null, lingerMs: 0 });
  let surviving = cells[0]?.takeOver === "other_node" ? survivor("node-2") : undefined;
  try {
    const placed = await plannedCells(database, cells);
    for (const { cell, number } of placed) world.faults.onNumber(number, carrierFaults[cell.fault] ?? {});
    await inLanes(placed, options.lanes, async ({ cell, attemptId, number }) => {
      const dialer = startChaosDialer({ ...common, name: "node-1", attemptId, dieAt: cell.death === "request_flushed" ? null : cell.death, lingerMs: 20_000 });
      if (cell.death === "request_flushed") {
        await Promise.race([gone(dialer), world.ledger.until((event) => event.kind === "created" && event.to === number)]);
        dialer.kill("SIGKILL");
      }
      await gone(dialer);
    });
    // The faults are over: from here on everything must come to rest.
    for (const { number } of placed) world.faults.onNumber(number, {});
    surviving ??= survivor("node-1");
    const now = new Date(clock.nowMs());
    await database.db.updateTable("attempts").set({ due_at: now }).where("state", "=", "planned").where("due_at", ">", now).execute();
    await pause(clock, options.restMs ?? restMs);
    return await report(database, placed, world.ledger.calls());
  } finally {
    surviving?.kill("SIGKILL");
    if (surviving) await gone(surviving);
    await world.close();
  }
}

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

async function inLanes<T>(things: readonly T[], lanes: number, work: (thing: T) => Promise<void>): Promise<void> {
  const queue = [...things];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function report(database: Database, placed: readonly PlacedCell[], calls: readonly { to: string }[]): Promise<MatrixReport> {
  const name = ({ cell }: PlacedCell): string => `${cell.death} × ${cell.fault} × ${cell.takeOver}`;
  const attempts = await database.db.selectFrom("attempts").select(["id", "state"]).execute();
  const stateOf = new Map(attempts.map((attempt) => [attempt.id, attempt.state]));
  const atRest = new Set(["ended", "rejected", "closed_unknown"]);
  return {
    cells: placed.length,
    calls: calls.length,
    rungTwice: placed.filter(({ number }) => calls.filter((call) => call.to === number).length > 1).map(name),
    lost: placed.filter(({ attemptId }) => !atRest.has(stateOf.get(attemptId) ?? "")).map((each) => `${name(each)} is ${stateOf.get(each.attemptId)}`),
    slotsLeaked: attempts.filter(({ state }) => !atRest.has(state) && state !== "planned" && state !== "refused").length,
  };
}

