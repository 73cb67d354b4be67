import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { type RunningClock, runningClock } from "../../src/adapters/system/clock.ts";
import type { Database } from "../../src/db/database.ts";
import { pause } from "../../src/domain/clock.ts";
import { type PhoneWorld, startPhoneWorld } from "../../src/simulator/phone-world.ts";
import { callerNumber } from "../dial/caller-number.ts";
import { silentLog } from "../support/log.ts";
import { type ServiceProcess, startServiceProcess } from "../support/service-process.ts";

export interface KilledDialersOptions {
  contacts: number;
  callsPerSecond: number;
  /** Dialer processes at once; one that was killed is started again at once. */
  dialers: number;
  /** One of them is killed this often; absent: nobody is. */
  killEveryMs?: number;
  /** After so many kills the rest of the list is left to the process that brings everybody to rest; default: all are called under kills. */
  restAfterKills?: number;
}

export interface KilledDialersReport {
  contacts: number;
  kills: number;
  calls: number;
  /** Numbers with more than one call in the carrier's ledger. */
  rungTwice: number;
  /** Contacts that have no outcome at rest. */
  lost: number;
  /** Attempts that hold a slot at rest. */
  slotsLeaked: number;
  /** From the first call to the one that was the last of nine tenths: the tail waits for leases of the dead. */
  callsPerSecond: number;
}

const accountSid = "AC00000000000000000000000000000000";
const authToken = "token-of-the-phone-world";
const startMs = Date.parse("2026-12-01T10:30:00+05:30");
/** By then an attempt that left no trace is closed. */
const closedByMs = 30 * 60_000;
/** Real time after which what still is not at rest is called lost. */
const patienceMs = 60_000;

/**
 * The service as deployed, one process for the doors and several that dial, of which one is killed with SIGKILL again
 * and again while a list is called (docs/reliability.md R3.1). When no more calls come the clock is set forward, so that
 * calls without a trace are closed, and the carrier's ledger and the database are asked what became of everybody.
 */
export async function killDialers(database: Database & { url: string }, options: KilledDialersOptions): Promise<KilledDialersReport> {
  const clock = runningClock({ startMs });
  const world = await startPhoneWorld({ clock, log: silentLog, accountSid, authToken, seed: 31, assign: () => "busy", callsPerSecond: 1_000, concurrentRequests: 1_000 });
  const dataDir = await mkdtemp(join(tmpdir(), "killed-dialers-"));
  const running = new Set<ServiceProcess>();
  const start = async (roles: string, publicUrl?: string): Promise<ServiceProcess> => {
    const environment = { ROLES: roles, CALLS_PER_SECOND: String(options.callsPerSecond), MAX_CONCURRENT_CALLS: "500", NODE_COMPILE_CACHE: join(dataDir, "compiled"), ...(publicUrl !== undefined && { PUBLIC_URL: publicUrl }) };
    const service = await startServiceProcess({ databaseUrl: database.url, vendorsOrigin: world.origin, accountSid, authToken, fromNumber: callerNumber, startMs: clock.nowMs(), dataDir, environment });
    running.add(service);
    return service;
  };
  const kill = async (service: ServiceProcess): Promise<void> => {
    running.delete(service);
    service.child.kill("SIGKILL");
    await service.gone;
  };
  try {
    const door = await start("api");
    await callList(door, options);
    const dialers = await Promise.all(Array.from({ length: options.dialers }, () => start("dialer", door.origin)));
    let kills = 0;
    const booting = new Set<Promise<unknown>>();
    while (kills !== options.restAfterKills && !(await allTried(database, clock, options.killEveryMs ?? 500))) {
      const victim = options.killEveryMs === undefined ? undefined : dialers.shift();
      if (!victim) continue;
      kills += 1;
      await kill(victim);
      booting.add(start("dialer", door.origin).then((service) => dialers.push(service)));
    }
    await Promise.all(booting);
    if (options.restAfterKills === undefined) await untilNone(database, "attempts", ["sending"]);
    // Everybody comes to rest under one process whose clock stands where an attempt without a trace has been closed.
    await Promise.all([...running].map(kill));
    clock.jumpTo(clock.nowMs() + closedByMs);
    await start("api,dialer");
    await untilNone(database, "contacts", unfinished);
    return { contacts: options.contacts, kills, ...(await found(database, world)) };
  } finally {
    await Promise.all([...running].map(kill));
    await world.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function callList(door: ServiceProcess, { contacts, callsPerSecond }: KilledDialersOptions): Promise<void> {
  const limits = { attempts: 1, cps: callsPerSecond, concurrency: 500, ring_seconds: 15, budget_inr: 1_000_000 };
  const created = (await (await door.ask("POST", "/v1/campaigns", { template: "emi-reminder", overrides: { limits } })).json()) as { id: string };
  const rows = Array.from({ length: contacts }, (_, n) => `+9198765${String(40_000 + n)},Asha,en-IN,ref-${n},4500,2026-12-20,home,1970`);
  await door.ask("POST", `/v1/campaigns/${created.id}/contacts`, ["phone,name,language,external_id,amount_due,due_date,loan_type,birth_year", ...rows].join("\n"));
  const started = await door.ask("POST", `/v1/campaigns/${created.id}/start`, {});
  if (!started.ok) throw new Error(`expected the campaign to start, got ${await started.text()}`);
}

/** Waits a while of the clock, then says whether every contact has been tried. */
async function allTried({ db }: Database, clock: RunningClock, afterMs: number): Promise<boolean> {
  await pause(clock, afterMs);
  const { rows } = await sql<{ left: number }>`
    select (select count(*) from contacts where state = 'waiting') + (select count(*) from attempts where state in ('planned', 'claimed')) as left`.execute(db);
  return Number(rows[0]?.left) === 0;
}

const unfinished = ["waiting", "planned"] as const;
const open = ["claimed", "sending", "ambiguous", "held", "dialed", "ringing", "in_progress"] as const;

/** Waits until no row is in one of these states any more, or patience ends. */
async function untilNone({ db }: Database, table: "attempts" | "contacts", states: readonly string[]): Promise<void> {
  const real = runningClock();
  const untilMs = real.nowMs() + patienceMs;
  while (real.nowMs() < untilMs) {
    const { rows } = await sql`select 1 from ${sql.table(table)} where state = any(${[...states]}) limit 1`.execute(db);
    if (rows.length === 0) return;
    await pause(real, 250);
  }
}

async function found({ db }: Database, { ledger }: PhoneWorld): Promise<Omit<KilledDialersReport, "contacts" | "kills">> {
  const calls = ledger.calls();
  const perNumber = new Map<string, number>();
  for (const { to } of calls) perNumber.set(to, (perNumber.get(to) ?? 0) + 1);
  const count = (rows: { n: number }[]): number => Number(rows[0]?.n ?? 0);
  const lost = await db.selectFrom("contacts").where("state", "in", [...unfinished]).select((e) => e.fn.countAll<number>().as("n")).execute();
  const leaked = await db.selectFrom("attempts").where("state", "in", [...open]).select((e) => e.fn.countAll<number>().as("n")).execute();
  const createdMs = calls.map(({ createdAtMs }) => createdAtMs).sort((one, other) => one - other);
  const most = createdMs.slice(0, Math.ceil(createdMs.length * 0.9));
  const tookMs = (most.at(-1) ?? 0) - (most[0] ?? 0);
  return {
    calls: calls.length,
    rungTwice: [...perNumber.values()].filter((times) => times > 1).length,
    lost: count(lost),
    slotsLeaked: count(leaked),
    callsPerSecond: (most.length - 1) / (tookMs / 1_000),
  };
}
