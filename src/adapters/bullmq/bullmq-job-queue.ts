import type { Clock } from "../../domain/clock.ts";
import { VendorError } from "../../domain/errors.ts";
import { type JobHandlers, type JobName, type JobPayload, type JobQueue, jobs } from "../../domain/jobs.ts";
import type { Log } from "../../domain/log.ts";
import type { Random } from "../../domain/random.ts";
import { occasionally } from "./occasionally.ts";
import type { JobAdder, JobTaker, QueueStore } from "./queue-store.ts";
import { startWatch, type Watch } from "./watch-progress.ts";

export interface JobQueueDeps {
  store: QueueStore;
  /** Real time: it measures whether the queue delivers. */
  clock: Clock;
  random: Random;
  log: Log;
  /** Default: "calls". */
  queueName?: string;
}

/** No announcement may hold up the planner for longer. */
const announceWithinMs = 5_000;
/** Jobs that run when the queue is stopped ask the carrier at most once more; beyond that, only a dead connection keeps an end of the queue. */
const closeWithinMs = 30_000;

/**
 * The queue of jobs on BullMQ. Prepares its store before anything else, so that a store that must not be used stops the
 * start. Liveness is judged by progress and not by what a worker says of itself: when nothing has come through for a while,
 * a probe is sent, and when that does not come through either, both ends are opened anew.
 */
export async function bullmqJobQueue(deps: JobQueueDeps): Promise<JobQueue> {
  const { store, clock, log } = deps;
  await store.prepare();
  const queueName = deps.queueName ?? "calls";
  const probeId = `probe-${Buffer.from(deps.random.bytes(9)).toString("hex")}`;
  const report = occasionally(clock, (error: Error, times: number) => log.warn("the queue's connection is in trouble", { store: store.name, times, error }));
  let adder: JobAdder = store.openAdder(queueName, report);
  let taking: { taker: JobTaker; watch: Watch } | undefined;
  let startedMs: number | null = null;
  let lastProgressMs: number | null = null;

  const announce = async <N extends JobName>(name: N, payloads: readonly JobPayload<N>[]): Promise<void> => {
    if (payloads.length === 0) return;
    const stored = payloads.map((data) => ({ id: jobId(name, data, probeId), name, data }));
    await within(clock, announceWithinMs, adder.add(stored), "take the jobs");
  };

  const openTaker = (handlers: JobHandlers, concurrency: number): JobTaker =>
    store.openTaker(queueName, {
      concurrency,
      onError: report,
      run: async ({ name, data }) => {
        await runJob({ name, data, handlers, log });
        lastProgressMs = clock.nowMs();
      },
    });

  return {
    announce,
    start(handlers, concurrency) {
      if (taking) throw new Error("expected the queue to be started once");
      startedMs = clock.nowMs();
      const watch = startWatch({
        clock,
        lastProgressMs: () => lastProgressMs,
        probe: () => announce("probe", [{ sentAtMs: clock.nowMs() }]),
        reopen: () => {
          log.error("nothing came through the queue; both its ends are opened anew", { store: store.name });
          const [oldAdder, oldTaker] = [adder, taking?.taker];
          adder = store.openAdder(queueName, report);
          if (taking) taking.taker = openTaker(handlers, concurrency);
          discard(oldAdder.close(), log);
          if (oldTaker) discard(oldTaker.close({ force: true }), log);
        },
        onProbeFailed: report,
      });
      taking = { taker: openTaker(handlers, concurrency), watch };
      return Promise.resolve();
    },
    async stop() {
      const ending = taking;
      taking = undefined;
      ending?.watch.stop();
      if (ending) await closed(ending.taker.close({ force: false }), { clock, log });
      await closed(adder.close(), { clock, log });
    },
    msSinceProgress() {
      const sinceMs = lastProgressMs ?? startedMs;
      return sinceMs === null ? null : clock.nowMs() - sinceMs;
    },
  };
}

/** One waiting announcement per attempt, one waiting probe per process: a queue that stands still does not fill up. */
function jobId(name: JobName, payload: JobPayload<JobName>, probeId: string): string {
  return "attemptId" in payload ? `${name}-${payload.attemptId}` : probeId;
}

/** Runs one job by the catalogue. It ends here in any case: what failed is announced again by the planner if it is still to be done. */
async function runJob({ name, data, handlers, log }: { name: string; data: unknown; handlers: JobHandlers; log: Log }): Promise<void> {
  try {
    if (name === "place_attempt") await handlers.place_attempt(jobs.place_attempt.parse(data));
    else if (name === "probe") await handlers.probe(jobs.probe.parse(data));
    else log.error("the queue delivered a job that is not in the catalogue", { job: name });
  } catch (error) {
    log.error("a job failed", { job: name, error });
  }
}

/** Gives up waiting after `ms`; what was begun may still end, its result is not looked at. */
async function within(clock: Clock, ms: number, work: Promise<void>, what: string): Promise<void> {
  let give: (() => void) | undefined;
  const limit = new Promise<never>((_, reject) => {
    const timer = clock.setTimer(ms, () => reject(new VendorError("queue", "no_answer", `the queue did not ${what} within ${ms} ms`, true)));
    give = () => timer.cancel();
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    give?.();
  }
}

/** Waits until an end of the queue is closed, but not for a connection that will never say so. */
async function closed(closing: Promise<void>, { clock, log }: { clock: Clock; log: Log }): Promise<void> {
  try {
    await within(clock, closeWithinMs, closing, "close");
  } catch (error) {
    log.warn("an end of the queue did not close; it is left behind", { error });
  }
}

/** Lets go of a connection that is no longer used; how it ends does not matter, but is told. */
function discard(closing: Promise<void>, log: Log): void {
  closing.catch((error: unknown) => log.debug("a discarded end of the queue did not close cleanly", { error }));
}
