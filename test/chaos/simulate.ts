import { chmod, mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import pg from "pg";
import { startEmbeddedPostgres } from "../../src/adapters/system/embedded-postgres.ts";
import { openDatabase } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { silentLog } from "../support/log.ts";
import { SeedFailed, type SeedReport } from "./simulation/run-seed.ts";
import { type SeedWorker, startSeedWorker } from "./simulation/seed-worker.ts";

export interface SimulateOptions {
  from: number;
  seeds: number;
  /** How many processes run seeds at once; default: one per core. A seed comes out the same whichever runs it. */
  workers?: number;
  /** Begins with the last seed. */
  backwards?: boolean;
  /** Told in the order of the seeds. */
  onSeed?: (report: SeedReport) => void;
}

/** Nothing here outlives the run, so nothing is flushed, and what is deleted between seeds is never swept up. */
const throwAway = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", autovacuum: "off", wal_level: "minimal", max_wal_senders: "0", max_wal_size: "4GB", checkpoint_timeout: "1d" };

/**
 * Runs seeds on a throw-away server, each worker on a database of its own. When one fails those under way are finished and
 * the lowest that failed is thrown as `SeedFailed`.
 */
export async function simulate(options: SimulateOptions): Promise<{ reports: SeedReport[]; tookMs: number }> {
  const beganMs = performance.now();
  // A seed is a thousand small questions: the way over a socket file is the shortest.
  const sockets = await mkdtemp(join(tmpdir(), "simulation-"));
  await chmod(sockets, 0o777);
  const server = await startEmbeddedPostgres({ log: silentLog, settings: { ...throwAway, unix_socket_directories: sockets } });
  const workers: SeedWorker[] = [];
  try {
    const count = Math.max(1, Math.min(options.workers ?? availableParallelism(), options.seeds));
    for (const url of await databases(server.url, count)) workers.push(startSeedWorker(`${url}?host=${encodeURIComponent(sockets)}`));
    const reports = await runSeeds(workers, options);
    return { reports, tookMs: performance.now() - beganMs };
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await server.stop();
    await rm(sockets, { recursive: true, force: true });
  }
}

async function runSeeds(workers: readonly SeedWorker[], { from, seeds, onSeed, backwards = false }: SimulateOptions): Promise<SeedReport[]> {
  const done = new Map<number, SeedReport>();
  const failed: { seed: number; error: unknown }[] = [];
  const waiting = Array.from({ length: seeds }, (_, index) => from + index);
  if (backwards) waiting.reverse();
  let told = from;
  const work = async (worker: SeedWorker): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined && failed.length === 0; seed = waiting.shift()) {
      try {
        done.set(seed, await worker.run(seed));
      } catch (error) {
        failed.push({ seed, error });
      }
      for (let report = done.get(told); report; report = done.get(told)) {
        onSeed?.(report);
        told += 1;
      }
    }
  };
  await Promise.all(workers.map(work));
  const [first] = failed.sort((a, b) => a.seed - b.seed);
  if (first) throw first.error instanceof SeedFailed ? first.error : new Error(`seed ${first.seed} could not be run`, { cause: first.error });
  return [...done.values()].sort((a, b) => a.seed - b.seed);
}

/** Migrated databases, the first of them the template of the others. */
async function databases(serverUrl: string, count: number): Promise<string[]> {
  const template = openDatabase(serverUrl, { maxConnections: 1 });
  await migrate({ pool: template.pool, log: silentLog, now: new Date("2026-01-01T00:00:00+05:30") });
  await template.close();
  const names = Array.from({ length: count }, (_, index) => `simulation_${index}`);
  const client = new pg.Client({ connectionString: serverUrl.replace(/\/[^/]*$/, "/postgres") });
  await client.connect();
  for (const name of names) await client.query(`create database ${name} template ${new URL(serverUrl).pathname.slice(1)} strategy file_copy`);
  await client.end();
  return names.map((name) => serverUrl.replace(/\/[^/]*$/, `/${name}`));
}
