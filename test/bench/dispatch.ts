import { performance } from "node:perf_hooks";
import { postgresStore } from "../../src/adapters/bullmq/postgres-store.ts";
import { placeAttempt } from "../../src/dial/place-attempt.ts";
import type { AttemptId } from "../../src/domain/ids.ts";
import { benchServer } from "./bench-database.ts";
import type { BenchResult } from "./bench-result.ts";
import { dialBenchWorld } from "./dial-bench-world.ts";

/** As many jobs at once as the service itself runs. */
const width = 64;

/**
 * Calls placed per second by one process when no pace holds it back: every job taken from the queue passes the gate, is
 * claimed, sent to a carrier that answers at once, and recorded. Beside it the bare queue on the same database with jobs
 * that do nothing. Enough campaigns share the calls that the highest pace a definition allows does not bind.
 */
export async function benchDispatch(options: { calls?: number } = {}): Promise<BenchResult[]> {
  const calls = options.calls ?? 1_500;
  const server = await benchServer();
  try {
    const database = await server.open("bench_dispatch");
    const world = await dialBenchWorld(database, { calls, campaigns: 20, callsPerSecond: 1_000_000 });
    const bareMs = await throughQueue(database.url, "empty", world.attempts, () => Promise.resolve());
    const came = new Map<string, number>();
    const placingMs = await throughQueue(database.url, "placing", world.attempts, async (attemptId) => {
      const placing = await placeAttempt(world.deps, { attemptId });
      const what = "code" in placing ? `${placing.kind} (${placing.code})` : placing.kind;
      came.set(what, (came.get(what) ?? 0) + 1);
    });
    const placed = came.get("placed") ?? 0;
    if (placed !== calls) throw new Error(`expected ${calls} calls placed, got ${[...came].map(([what, count]) => `${count} ${what}`).join(", ")}`);
    const perSecond = (ms: number): number => Math.round((calls / ms) * 1_000);
    const bare = perSecond(bareMs);
    const value = perSecond(placingMs);
    return [
      { bench: "dispatch", measure: `bare BullMQ on Postgres, ${calls.toLocaleString("en")} empty jobs`, value: bare, unit: "per second", bar: "for comparison", met: true },
      { bench: "dispatch", measure: `${calls.toLocaleString("en")} calls placed from the queue`, value, unit: "per second", reference: bare, bar: "≥ 300", met: value >= 300 },
    ];
  } finally {
    await server.close();
  }
}

/** Milliseconds from the first job taken to the last one done; the jobs lie in the queue before. */
async function throughQueue(connectionString: string, name: string, attempts: readonly AttemptId[], run: (attemptId: AttemptId) => Promise<void>): Promise<number> {
  const store = postgresStore({ connectionString });
  await store.prepare();
  const done = Promise.withResolvers<void>();
  const adder = store.openAdder(name, done.reject);
  await adder.add(attempts.map((attemptId) => ({ id: attemptId, name, data: attemptId })));
  let left = attempts.length;
  const startMs = performance.now();
  const taker = store.openTaker(name, {
    concurrency: width,
    onError: done.reject,
    async run({ data }) {
      try {
        await run(data as AttemptId);
      } catch (error) {
        done.reject(error);
      }
      left -= 1;
      if (left === 0) done.resolve();
    },
  });
  try {
    await done.promise;
    return performance.now() - startMs;
  } finally {
    await taker.close({ force: false });
    await adder.close();
  }
}
