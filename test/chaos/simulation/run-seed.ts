import { createHash } from "node:crypto";
import { sql } from "kysely";
import { cancelStaleCalls } from "../../../src/dial/cancel-queued-calls.ts";
import { placeAttempt } from "../../../src/dial/place-attempt.ts";
import type { CrashPoint, DialDeps } from "../../../src/dial/ports.ts";
import { foldInbox, receiveFact } from "../../../src/dial/receive-fact.ts";
import { reconcileAmbiguous } from "../../../src/dial/reconcile-ambiguous.ts";
import { rescueLeases } from "../../../src/dial/rescue-leases.ts";
import { newSpacing } from "../../../src/dial/spacing.ts";
import { sweepAttempts } from "../../../src/dial/sweep-attempts.ts";
import { pause } from "../../../src/domain/clock.ts";
import { acknowledgeableCodes } from "../../../src/domain/campaign.ts";
import { Refusal, VendorError } from "../../../src/domain/errors.ts";
import type { AttemptId } from "../../../src/domain/ids.ts";
import { newId } from "../../../src/domain/ids.ts";
import { type Random, seededRandom, wholeBelow } from "../../../src/domain/random.ts";
import { settleAttempt } from "../../../src/outcome/settle-attempt.ts";
import { settleSweep } from "../../../src/outcome/settle-sweep.ts";
import { planAttempts, takeUnannounced } from "../../../src/schedule/planned-attempts.queries.ts";
import { silentLog } from "../../support/log.ts";
import { testVault } from "../../support/vault.ts";
import { callerNumber } from "../../dial/caller-number.ts";
import { newAgenda, type Owner } from "./agenda.ts";
import { faultyDatabase } from "./faulty-database.ts";
import { checkLedger, checkRest, type Limits, Violation, type Witness } from "./invariants.ts";
import { noteCampaigns, populate, scheduleOperators, startTalk } from "./outside-world.ts";
import type { SimDatabase } from "./open-sim-database.ts";
import { simCarrier, type SimCarrier } from "./sim-carrier.ts";
import type { WorkKind } from "./sim-database.ts";
import { newTicker } from "./ticker.ts";

/** What one seed came to. */
export interface SeedReport {
  seed: number;
  calls: number;
  attempts: number;
  steps: number;
  /** Equal for two runs of one seed. */
  trace: string;
}

const startMs = Date.parse("2026-12-01T09:30:00+05:30");
const healMs = Date.parse("2026-12-02T16:30:00+05:30");
const lastPlanMs = Date.parse("2026-12-02T17:30:00+05:30");
const endMs = Date.parse("2026-12-02T18:30:00+05:30");

/** Half of the seeds leave no room beside a call, the others let the pace be the bound. */
const limitsOf = (seed: number): Limits => ({ liveCalls: seed % 2 === 0 ? 1 : 3, callsPerSecond: 2, capPaise: 6_000, worstCasePaise: 2_000, windowFromHour: 10, windowToHour: 19 });

/** Faults of the seed's own making, and refusals, which are answers. */
function isInjected(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every((each) => isInjected(each));
  return error instanceof VendorError || error instanceof Refusal || (error instanceof Error && error.message.startsWith("the connection broke"));
}

/** A day of these few contacts takes some hundreds; more means that something is done again and again. */
const maxSteps = 4_000;

/** Ends the run of a seed: the seed, and what broke. */
export class SeedFailed extends Error {
  override readonly name = "SeedFailed";
}

/**
 * A deployment of three processes over more than a day of virtual time, with faults drawn from the seed: processes die at
 * named points and in between, commits lose their answers, the queue loses and doubles jobs, the carrier does what
 * carriers do, operators pause and people opt out. The promises are checked after every step.
 */
export async function runSeed(database: SimDatabase, seed: number): Promise<SeedReport> {
  await database.empty();
  const run = await newRun(database, seed);
  try {
    await run.play();
  } catch (error) {
    throw new SeedFailed(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  return run.report();
}

interface Process extends Owner {
  alive: boolean;
  deps: DialDeps;
}

async function newRun(database: SimDatabase, seed: number) {
  const limits = limitsOf(seed);
  const random = seededRandom(seed);
  const agenda = newAgenda(startMs);
  const outside: Owner = { name: "outside" };
  const witness: Witness = { sendingStep: new Map(), suppressedAtStep: new Map(), stoppedSteps: [], campaignOf: new Map() };
  const trace = createHash("sha256");
  let step = 0;
  let faulty = true;
  const happens = (rate: number): boolean => faulty && random.fraction() < rate;
  const worldClock = agenda.clockFor(outside, 0);
  const vault = testVault(database.db);
  const processes: Process[] = [];
  const anyAlive = (): Process | undefined => {
    const alive = processes.filter((process) => process.alive);
    return alive[wholeBelow(random, Math.max(1, alive.length))];
  };

  const carrier: SimCarrier = simCarrier({
    agenda,
    random,
    outside,
    deliver: (token, fact) => inAnyProcess((deps) => receiveFact(deps, { token, fact })),
    async pickedUp(call) {
      if (!happens(0.1)) await inAnyProcess((deps) => startTalk(database, deps, call));
    },
    async hungUp(call) {
      await sql`update conversations set ended_at = ${new Date(agenda.nowMs())}, end_reason = 'callee_hung_up', last_alive_at = ${new Date(agenda.nowMs())}
                where attempt_id = (select id from attempts where token = ${call.order.token}) and ended_at is null`.execute(database.db);
    },
  });

  /** Code of one process: an error that reaches its top is logged there and the process goes on. */
  const inProcess = async (process: Process, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!isInjected(error)) throw error;
    }
    if (!process.alive) await agenda.dieHere();
  };

  const inAnyProcess = async (work: (deps: DialDeps) => Promise<unknown>): Promise<void> => {
    const process = anyAlive();
    if (process) await inProcess(process, () => work(process.deps));
  };

  const boot = (name: string): void => {
    const process: Process = { name, alive: true, deps: undefined as never };
    const clock = agenda.clockFor(process, (random.fraction() - 0.5) * 400, () => (happens(0.03) ? 40_000 + random.fraction() * 60_000 : 0));
    const db = faultyDatabase(database.pool, () => (happens(0.01) ? (random.fraction() < 0.5 ? "before" : "after") : undefined));
    const processRandom: Random = seededRandom(wholeBelow(random, 2 ** 31));
    const outcome = {
      db,
      clock,
      random: processRandom,
      vault,
      log: silentLog,
      prices: { carrierPerMinutePaise: 400, transcriberPerMinutePaise: 0, voicePerThousandCharactersPaise: 0, brainPerMillionInputTokensPaise: 0, brainPerMillionOutputTokensPaise: 0 },
      protection: { optOut: async () => undefined, hold: async () => undefined },
    };
    process.deps = {
      db,
      clock,
      random: processRandom,
      log: silentLog,
      vault,
      carrier: carrier.forProcess(clock),
      settings: {
        processName: name,
        callsPerSecond: limits.callsPerSecond,
        maxConcurrentCalls: limits.liveCalls,
        fromNumbers: [callerNumber],
        acknowledged: acknowledgeableCodes,
        worstCasePerMinutePaise: 1_000,
      },
      spacing: newSpacing(clock),
      onEnded: async (input) => {
        try {
          await settleAttempt(outcome, input);
        } catch (error) {
          if (!isInjected(error)) throw error;
        }
      },
      async crashPoint(point: CrashPoint, { token }) {
        if (point === "after_sending_committed" && token !== undefined) witness.sendingStep.set(token, step);
        if (point === "after_claim" && happens(clock.now().hour === 18 ? 0.6 : 0.15)) {
          // Swapped out between gate and sending, while somebody stops the campaign or asks never to be called.
          if (happens(0.4)) agenda.at(agenda.nowMs() + 500, outside, "pause", () => pauseSomething());
          await pause(clock, 1_000 + random.fraction() * (random.fraction() < 0.5 ? 27_000 : 90_000));
        }
        if (!happens(point === "response_parsed" ? 0.1 : 0.02)) return;
        die(process);
        await agenda.dieHere();
      },
    };
    processes.push(process);
    if (faulty) agenda.at(agenda.nowMs() + random.fraction() * 40_000_000, process, "killed", async () => die(process));
    settlers.set(process, () => settleSweep(outcome));
  };
  let pauseSomething = async (): Promise<void> => undefined;
  const settlers = new Map<Process, () => Promise<unknown>>();
  const die = (process: Process): void => {
    process.alive = false;
    agenda.forget(process);
    processes.splice(processes.indexOf(process), 1);
    agenda.at(agenda.nowMs() + 1_000 + random.fraction() * 120_000, outside, "boots", async () => boot(`${process.name}'`));
  };


  /** The planner's own statements, without its sharing: whoever is due is planned and announced. */
  const plan = async (process: Process): Promise<void> => {
    const { db, clock, random: processRandom } = process.deps;
    const running = await db.selectFrom("campaigns").where("state", "=", "running").select("id").orderBy("id").execute();
    const grants = running.flatMap(({ id }) => (["callback", "retry", "fresh"] as const).map((dueClass) => ({ campaignId: id, dueClass, count: 2 })));
    const names = grants.flatMap(() => [0, 1].map(() => ({ id: newId<AttemptId>(clock, processRandom), token: Buffer.from(processRandom.bytes(16)).toString("base64url") })));
    const planned = await planAttempts(db, { grants, names, shedImports: [], now: new Date(clock.nowMs()) });
    for (const attemptId of planned) announce(attemptId);
  };
  const announceAgain = async (process: Process): Promise<void> => {
    const now = new Date(process.deps.clock.nowMs());
    const again = await takeUnannounced(process.deps.db, { announcedBefore: new Date(now.getTime() - 10_000), limit: 20, now });
    for (const attemptId of again) announce(attemptId);
  };
  const announce = (attemptId: AttemptId): void => {
    if (happens(0.1)) return;
    const copies = happens(0.2) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      agenda.at(agenda.nowMs() + random.fraction() * (faulty ? 3_000 : 100), outside, "job", async () => {
        const process = anyAlive();
        if (!process) return;
        agenda.at(agenda.nowMs(), process, "places", () => inProcess(process, () => placeAttempt(process.deps, { attemptId })));
      });
    }
  };

  const work: Record<WorkKind, (process: Process) => Promise<unknown>> = {
    plan,
    announce: announceAgain,
    lease: (process) => rescueLeases(process.deps),
    inbox: (process) => foldInbox(process.deps),
    reconcile: (process) => reconcileAmbiguous(process.deps),
    // One at a time: calls swept at once would draw their fates in an order that the seed does not decide.
    sweep: (process) => sweepAttempts(process.deps, { limit: 1 }),
    settle: (process) => settlers.get(process)?.() ?? Promise.resolve(),
  };

  const ticker = newTicker({
    agenda,
    owner: outside,
    database,
    lastPlanMs,
    async run(kind) {
      const process = anyAlive();
      if (process) await inProcess(process, () => work[kind](process));
    },
  });

  const { campaigns, numbers } = await populate(database, worldClock, random, vault);
  for (const name of ["alpha", "beta", "gamma"]) boot(name);
  pauseSomething = scheduleOperators({ agenda, outside, random, database, vault, campaigns, numbers, witness, step: () => step, inAnyProcess });
  for (const close of ["2026-12-01T19:00:02+05:30", "2026-12-02T10:00:02+05:30"]) {
    agenda.at(Date.parse(close), outside, "window", async () => {
      await inAnyProcess(cancelStaleCalls);
    });
  }
  agenda.at(healMs, outside, "heals", async () => {
    faulty = false;
    carrier.heal();
  });
  ticker.wake();

  let seenCalls = 0;
  const after = async (what: string): Promise<void> => {
    step += 1;
    if (step > maxSteps) throw new Violation(`I7 no rest after ${maxSteps} steps`);
    trace.update(`${what}@${agenda.nowMs()};`);
    await noteCampaigns(database, witness, carrier.calls.slice(seenCalls));
    checkLedger(carrier, limits, witness, seenCalls);
    seenCalls = carrier.calls.length;
    ticker.wake();
  };
  return {
    async play() {
      await agenda.runUntil(endMs, after);
      await checkRest(database, limits);
    },
    async report(): Promise<SeedReport> {
      const attempts = await database.db.selectFrom("attempts").select(["state", "ending", "revision"]).orderBy("id").execute();
      trace.update(JSON.stringify(attempts));
      trace.update(JSON.stringify(carrier.calls.map((call) => [call.createdAtMs, call.ending, call.endedAtMs])));
      return { seed, calls: carrier.calls.length, attempts: attempts.length, steps: step, trace: trace.digest("hex") };
    },
  };
}
