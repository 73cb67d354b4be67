import type { Config } from "../config.ts";
import { type FactIntake, newFactIntake } from "../dial/fact-intake.ts";
import { placeAttempt } from "../dial/place-attempt.ts";
import type { DialDeps, DialMetrics, StopDialing } from "../dial/ports.ts";
import { repeat } from "../dial/repeat.ts";
import { newSpacing } from "../dial/spacing.ts";
import { startDialLoops } from "../dial/start-dial-loops.ts";
import type { AccountId, AttemptId } from "../domain/ids.ts";
import type { JobQueue } from "../domain/jobs.ts";
import type { Liveness } from "../domain/liveness.ts";
import type { Log } from "../domain/log.ts";
import type { Random } from "../domain/random.ts";
import type { ProtectionPort } from "../outcome/ports.ts";
import { type OutcomeDeps, settleAttempt } from "../outcome/settle-attempt.ts";
import { settleSweep } from "../outcome/settle-sweep.ts";
import type { OpenedCarrier } from "./open-carrier.ts";
import type { Storage } from "./open-storage.ts";

/** What dialing tells the rest of this process. */
export interface CallNews {
  /** A call was placed and the phone is about to ring. */
  placed(call: { attemptId: AttemptId; accountId: AccountId }): void;
  /** A call is over. */
  ended(attemptId: AttemptId): void;
}

export interface DialingParts {
  config: Config;
  storage: Storage;
  carrier: OpenedCarrier;
  random: Random;
  log: Log;
  liveness: Liveness;
  protection: ProtectionPort;
  stopDialing: StopDialing;
  metrics: DialMetrics;
  news: CallNews;
}

/** The dial and outcome stages of one process, connected: "call ended" leads to "settle". */
export interface Dialing {
  deps: DialDeps;
  facts: FactIntake;
  /** Settles whatever the attempt came to; never throws, because the sweep does again what failed here. */
  settle(attemptId: AttemptId): Promise<void>;
  /** Begins to take jobs from the queue. */
  takeJobs(queue: JobQueue): Promise<void>;
  /** Begins to look after open calls and what they came to. */
  lookAfterCalls(): { stop(): Promise<void> };
}

/** Jobs at once: each waits for the pace, for commits it shares with the others and for the carrier, hardly ever for the processor. */
const jobConcurrency = 64;
const settleEveryMs = 5_000;

export function wireDialing(parts: DialingParts): Dialing {
  const { config, storage, random, news } = parts;
  const { clock, vault } = storage;
  const { db } = storage.database;
  const outcome: OutcomeDeps = { db, clock, random, vault, log: parts.log.child({ part: "outcome" }), prices: config.prices, protection: parts.protection };
  const settle = async (attemptId: AttemptId): Promise<void> => {
    try {
      await settleAttempt(outcome, { attemptId });
    } catch (error) {
      outcome.log.error("an attempt could not be settled; the sweep tries again", { attemptId, error });
    }
  };
  const deps: DialDeps = {
    db,
    clock,
    random,
    vault,
    log: parts.log.child({ part: "dial" }),
    carrier: parts.carrier.carrier,
    settings: {
      processName: config.processName,
      callsPerSecond: config.callsPerSecond,
      callsPerSecondPerNumber: config.callsPerSecondPerNumber,
      maxConcurrentCalls: config.maxConcurrentCalls,
      fromNumbers: parts.carrier.fromNumbers,
      acknowledged: config.acknowledged,
      worstCasePerMinutePaise: config.prices.worstCasePerMinutePaise,
    },
    spacing: newSpacing(clock),
    stopDialing: parts.stopDialing,
    clockAgrees: () => storage.clockAgrees(),
    liveness: parts.liveness,
    metrics: parts.metrics,
    async onEnded({ attemptId }) {
      news.ended(attemptId);
      await settle(attemptId);
    },
  };
  const place = async (attemptId: AttemptId): Promise<void> => {
    if (!storage.clockAgrees()) return;
    const placing = await placeAttempt(deps, { attemptId });
    deps.log.debug("placing ended", { attemptId, kind: placing.kind, code: "code" in placing ? placing.code : null });
    if (placing.kind !== "placed") return;
    const attempt = await db.selectFrom("attempts").where("id", "=", attemptId).select("account_id").executeTakeFirst();
    if (attempt) news.placed({ attemptId, accountId: attempt.account_id });
  };
  return {
    deps,
    facts: newFactIntake(deps),
    settle,
    takeJobs: (queue) => queue.start({ place_attempt: ({ attemptId }) => place(attemptId), probe: () => Promise.resolve() }, jobConcurrency),
    lookAfterCalls() {
      const loops = startDialLoops(deps);
      const sweep = repeat({ clock, log: outcome.log, liveness: parts.liveness }, "settle finished attempts", settleEveryMs, () => settleSweep(outcome), { deadlineMs: 900_000 });
      return { stop: async () => void (await Promise.all([loops.stop(), sweep.stop()])) };
    },
  };
}
