import { type ConnectionOptions, Queue, Worker } from "bullmq";
import { Redis, type RedisOptions } from "ioredis";
import { VendorError } from "../../domain/errors.ts";
import { jobRules, type LockTiming, type QueueStore, takerRules, usualLockTiming } from "./queue-store.ts";

export interface RedisStoreOptions {
  /** redis:// or rediss://, with user, password and database number where needed. */
  url: string;
  /** Before every key of the queue. */
  prefix?: string;
  lock?: LockTiming;
  /** A socket that says nothing for so long while an answer is due is dead; default 12 s, more than twice an idle wait. */
  silentSocketMs?: number;
  /** How long an idle worker waits for a job in one go; default 5. */
  idleWaitSeconds?: number;
}

const usualSilentSocketMs = 12_000;
/** An addition that takes longer is given up; the planner announces again. */
const addWithinMs = 4_000;

/**
 * Keeps jobs in Redis. `prepare` refuses a Redis that may evict keys: it would lose jobs and locks silently.
 * Adding fails at once while Redis is away (no offline queue), taking waits for it to come back.
 */
export function redisStore(options: RedisStoreOptions): QueueStore {
  const prefix = options.prefix ?? "dialer";
  const timing = options.lock ?? usualLockTiming;
  const lock = { lockDuration: timing.lockMs, stalledInterval: timing.checkEveryMs };
  const socketTimeout = options.silentSocketMs ?? usualSilentSocketMs;
  const ends = {
    adding: { ...common, socketTimeout, maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: addWithinMs },
    taking: { ...common, socketTimeout, maxRetriesPerRequest: null },
  } as const satisfies Record<string, RedisOptions>;
  return {
    name: "redis",
    prepare: () => refuseEviction(options.url),
    openAdder(queueName, onError) {
      const connection: ConnectionOptions = { url: options.url, ...ends.adding };
      const queue = new Queue(queueName, { connection, prefix, defaultJobOptions: jobRules });
      queue.on("error", onError);
      return {
        add: async (jobs) => void (await queue.addBulk(jobs.map(({ id, name, data }) => ({ name, data, opts: { jobId: id } })))),
        close: () => queue.close(),
      };
    },
    openTaker(queueName, { concurrency, run, onError }) {
      const connection: ConnectionOptions = { url: options.url, ...ends.taking };
      const worker = new Worker(queueName, (job) => run(job), {
        ...takerRules,
        ...lock,
        drainDelay: options.idleWaitSeconds ?? takerRules.drainDelay,
        concurrency,
        connection,
        prefix,
      });
      worker.on("error", onError);
      return { close: ({ force }) => worker.close(force) };
    },
  };
}

const common = {
  connectTimeout: 5_000,
  keepAlive: 10_000,
  retryStrategy: (times: number): number => Math.min(200 * times, 2_000),
  /** After a failover the old primary answers READONLY: connect anew and send the command again. */
  reconnectOnError: (error: Error): 2 | false => (error.message.startsWith("READONLY") ? 2 : false),
} as const satisfies RedisOptions;

/** Asks by INFO, which also managed services answer that forbid CONFIG. */
async function refuseEviction(url: string): Promise<void> {
  const redis = new Redis(url, { connectTimeout: 5_000, commandTimeout: 5_000, maxRetriesPerRequest: 1, lazyConnect: true, retryStrategy: () => null });
  let lastError: Error | undefined;
  redis.on("error", (error) => {
    lastError = error;
  });
  const policy = await readPolicy(redis).catch((error: unknown) => {
    const cause = lastError ?? error;
    throw new VendorError("queue", "store_unusable", `Redis could not be asked for its memory policy: ${cause instanceof Error ? cause.message : String(cause)}`, true, error);
  });
  if (policy === "noeviction") return;
  throw new VendorError(
    "queue",
    "redis_evicts",
    `expected a Redis with maxmemory-policy noeviction, got ${policy}: it may drop queued work. Run CONFIG SET maxmemory-policy noeviction, or choose it in the parameters of the managed service`,
    false,
  );
}

async function readPolicy(redis: Redis): Promise<string> {
  try {
    await redis.connect();
    const info = await redis.info("memory");
    return /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? "unknown";
  } finally {
    redis.disconnect();
  }
}
