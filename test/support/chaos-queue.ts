import { bullmqJobQueue } from "../../src/adapters/bullmq/bullmq-job-queue.ts";
import { postgresStore } from "../../src/adapters/bullmq/postgres-store.ts";
import { redisStore } from "../../src/adapters/bullmq/redis-store.ts";
import { runningClock } from "../../src/adapters/system/clock.ts";
import { systemRandom } from "../../src/adapters/system/random.ts";
import type { JobQueue } from "../../src/domain/jobs.ts";
import { silentLog } from "./log.ts";

/** Locks of dead workers are given up at once, so that a run need not wait half a minute of real time for each. */
const lock = { lockMs: 1_000, checkEveryMs: 500 };

/** The product's own queue under a name of a chaos run: in Redis, or in the database where `redisUrl` is null. */
export function openChaosQueue(where: { redisUrl: string | null; databaseUrl: string }, queueName: string): Promise<JobQueue> {
  const store = where.redisUrl === null ? postgresStore({ connectionString: where.databaseUrl, takerConnections: 2, lock }) : redisStore({ url: where.redisUrl, lock });
  return bullmqJobQueue({ store, clock: runningClock(), random: systemRandom, log: silentLog, queueName });
}
