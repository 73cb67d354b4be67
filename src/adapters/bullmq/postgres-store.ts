import { createPostgresBackend, type PostgresPoolConfig, Queue, runMigrations, Worker } from "bullmq";
import pg from "pg";
import { VendorError } from "../../domain/errors.ts";
import { jobRules, type LockTiming, type QueueStore, takerRules, usualLockTiming } from "./queue-store.ts";

export interface PostgresStoreOptions {
  connectionString: string;
  /** Schema that BullMQ has to itself. */
  schema?: string;
  /** Connections of the taking end; the adding end has two. */
  takerConnections?: number;
  lock?: LockTiming;
}

/** Milliseconds after which a connection that answers nothing is given up. */
const answerWithinMs = 10_000;

/** Keeps jobs in Postgres, in a schema of their own that `prepare` migrates (an advisory lock lets only one process do it). */
export function postgresStore(options: PostgresStoreOptions): QueueStore {
  const schema = options.schema ?? "bullmq";
  const timing = options.lock ?? usualLockTiming;
  const lock = { lockDuration: timing.lockMs, stalledInterval: timing.checkEveryMs };
  const connection = (max: number): PostgresPoolConfig => ({
    connectionString: options.connectionString,
    schema,
    max,
    connectionTimeoutMillis: 5_000,
    query_timeout: answerWithinMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: answerWithinMs,
    // What the queue loses in a crash of the server is announced again: its commits need not wait for the disk.
    options: "-c synchronous_commit=off",
  });
  return {
    name: "postgres",
    async prepare() {
      const client = new pg.Client({ connectionString: options.connectionString, connectionTimeoutMillis: 5_000 });
      try {
        await client.connect();
        await runMigrations(client, schema);
      } catch (error) {
        throw new VendorError("queue", "store_unusable", `the queue's schema ${schema} could not be prepared: ${messageOf(error)}`, true, error);
      } finally {
        await client.end();
      }
    },
    openAdder(queueName, onError) {
      const queue = new Queue(queueName, { connection: connection(2), defaultJobOptions: jobRules }, createPostgresBackend);
      queue.on("error", onError);
      return {
        add: async (jobs) => void (await queue.addBulk(jobs.map(({ id, name, data }) => ({ name, data, opts: { jobId: id } })))),
        close: () => queue.close(),
      };
    },
    openTaker(queueName, { concurrency, run, onError }) {
      const worker = new Worker(
        queueName,
        (job) => run(job),
        { ...takerRules, ...lock, concurrency, connection: connection(options.takerConnections ?? 6) },
        createPostgresBackend,
      );
      worker.on("error", onError);
      return { close: ({ force }) => worker.close(force) };
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
