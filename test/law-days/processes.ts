import type { CrashPoint, DialDeps } from "../../src/dial/ports.ts";
import { newSpacing } from "../../src/dial/spacing.ts";
import { placeAttempt } from "../../src/dial/place-attempt.ts";
import { worstCasePaise } from "../../src/dial/worst-case.ts";
import { type Clock, istFromMs } from "../../src/domain/clock.ts";
import { Refusal, VendorError } from "../../src/domain/errors.ts";
import type { AttemptId } from "../../src/domain/ids.ts";
import { type Random, seededRandom, wholeBelow } from "../../src/domain/random.ts";
import { type OutcomeDeps, settleAttempt } from "../../src/outcome/settle-attempt.ts";
import { definitionCache } from "../../src/schedule/definition-cache.ts";
import type { PlannerDeps } from "../../src/schedule/ports.ts";
import type { Owner } from "../chaos/simulation/agenda.ts";
import { faultyDatabase } from "../chaos/simulation/faulty-database.ts";
import type { SimCarrier } from "../chaos/simulation/sim-carrier.ts";
import { silentLog } from "../support/log.ts";
import { optOut, rememberHold, scrubOf } from "./call-stories.ts";
import { chance } from "./draw.ts";
import type { World } from "./world.ts";

/** One process of the deployment; it dies, and another takes its place. */
export interface Process extends Owner {
  alive: boolean;
  dial: DialDeps;
  outcome: OutcomeDeps;
  planner: PlannerDeps;
}

export const capacity = { callsPerSecond: 5, concurrentCalls: 12 } as const;

/** Faults of the simulation's own making, and refusals, which are answers. */
function isInjected(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every((each) => isInjected(each));
  return error instanceof VendorError || error instanceof Refusal || (error instanceof Error && error.message.startsWith("the connection broke"));
}

/** Three processes over one database, with deaths, stalls, clocks that jump, and a queue that loses and doubles. */
export function startProcesses(world: World, carrier: () => SimCarrier) {
  const { agenda, outside, random, database, vault } = world;
  const processes: Process[] = [];

  const any = (): Process | undefined => processes[wholeBelow(random, Math.max(1, processes.length))];
  const inProcess = async (process: Process, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!isInjected(error)) throw error;
    }
    if (!process.alive) await agenda.dieHere();
  };
  const inAny = async (work: (process: Process) => Promise<unknown>): Promise<void> => {
    const process = any();
    if (process) await inProcess(process, () => work(process));
  };
  const announce = (attemptId: AttemptId): void => {
    if (chance(random, 0.08)) return;
    for (let copies = chance(random, 0.15) ? 2 : 1; copies > 0; copies -= 1) {
      const delayMs = chance(random, 0.04) ? random.fraction() * 120_000 : random.fraction() * 2_000;
      agenda.at(agenda.nowMs() + delayMs, outside, "job", async () => {
        const process = any();
        if (process) agenda.at(agenda.nowMs(), process, "places", () => inProcess(process, () => placeAttempt(process.dial, { attemptId })));
      });
    }
  };
  const die = (process: Process): void => {
    process.alive = false;
    agenda.forget(process);
    processes.splice(processes.indexOf(process), 1);
    agenda.at(agenda.nowMs() + 1_000 + random.fraction() * 120_000, outside, "boots", async () => boot(`${process.name}'`));
  };
  const boot = (name: string): void => {
    const process: Process = { name, alive: true, dial: undefined as never, outcome: undefined as never, planner: undefined as never };
    const clock = jumpingClock(world, process);
    const db = faultyDatabase(database.pool, () => (chance(random, 0.008) ? (random.fraction() < 0.5 ? "before" : "after") : undefined));
    const own: Random = seededRandom(wholeBelow(random, 2 ** 31));
    const common = { db, clock, random: own, log: silentLog, vault };
    process.outcome = {
      ...common,
      prices: { carrierPerMinutePaise: 400, transcriberPerMinutePaise: 0, voicePerThousandCharactersPaise: 0, brainPerMillionInputTokensPaise: 0, brainPerMillionOutputTokensPaise: 0 },
      protection: {
        optOut: ({ attemptId, accountId, campaignId, numberKey }) => optOut(world, scrubOf(world, common), { id: attemptId, account_id: accountId, campaign_id: campaignId, number_key: numberKey }),
        hold: (input) => rememberHold(world, scrubOf(world, common), input),
      },
    };
    process.planner = {
      ...common,
      definitions: definitionCache(),
      queue: {
        announce(_, payloads) {
          for (const payload of payloads) if ("attemptId" in payload) announce(payload.attemptId);
          return Promise.resolve();
        },
      },
      capacity,
      worstCasePaise: (maxCallSeconds) => worstCasePaise(maxCallSeconds, 1_000),
      callerNumbers: [],
      acknowledged: [],
    };
    process.dial = {
      ...common,
      carrier: carrier().forProcess(clock),
      settings: { processName: name, callsPerSecond: capacity.callsPerSecond, maxConcurrentCalls: capacity.concurrentCalls, fromNumbers: [], acknowledged: [], worstCasePerMinutePaise: 1_000 },
      spacing: newSpacing(clock),
      onEnded: ({ attemptId }) => inProcess(process, () => settleAttempt(process.outcome, { attemptId })),
      async crashPoint(point: CrashPoint) {
        if (!chance(random, point === "response_parsed" ? 0.06 : 0.015)) return;
        die(process);
        await agenda.dieHere();
      },
    };
    processes.push(process);
    agenda.at(agenda.nowMs() + random.fraction() * 200_000_000, process, "killed", async () => die(process));
  };
  return { boot, any, inAny, inProcess };
}

/** A clock up to a second off, put right and wrong again now and then; a task that waits on it is sometimes swapped out. */
function jumpingClock({ agenda, random }: World, owner: Owner): Clock {
  const base = agenda.clockFor(owner, 0, () => (chance(random, 0.03) ? 500 + random.fraction() * 60_000 : 0));
  let offsetMs = 0;
  let jumpsAtMs = 0;
  const nowMs = (): number => {
    const trueMs = base.nowMs();
    if (trueMs >= jumpsAtMs) {
      offsetMs = (random.fraction() - 0.5) * (chance(random, 0.2) ? 1_800 : 200);
      jumpsAtMs = trueMs + random.fraction() * 3_600_000;
    }
    return trueMs + offsetMs;
  };
  return { ...base, nowMs, now: () => istFromMs(Math.floor(nowMs())) };
}
