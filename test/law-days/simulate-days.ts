import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import pg from "pg";
import { startEmbeddedPostgres } from "../../src/adapters/system/embedded-postgres.ts";
import { openDatabase } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { silentLog } from "../support/log.ts";
import type { StretchReport } from "./run-stretch.ts";
import type { LawDefect } from "./seeded-defects.ts";
import { startStretchWorker, type StretchWorker } from "./stretch-worker.ts";

/** Nothing here outlives the run, so nothing is flushed. */
const throwAway = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", wal_level: "minimal", max_wal_senders: "0", max_wal_size: "4GB", checkpoint_timeout: "1d" };

export interface DaysOptions {
  seed: number;
  stretches: readonly number[];
  onReport?: (report: StretchReport) => void;
}

/** Processes that run stretches on a throw-away server, one per core; a stretch comes out the same whichever runs it. */
export async function openSimulation() {
  const server = await startEmbeddedPostgres({ log: silentLog, settings: throwAway });
  const workers: StretchWorker[] = [];
  for (let core = 1; core <= availableParallelism(); core += 1) workers.push(startStretchWorker(await migrated(server.url, `days_${core}`)));
  const run = async (options: DaysOptions, defect: LawDefect | null, enough: (report: StretchReport) => boolean): Promise<StretchReport[]> => {
    const waiting = [...options.stretches];
    const reports: StretchReport[] = [];
    const work = async (worker: StretchWorker): Promise<void> => {
      for (let stretch = waiting.shift(); stretch !== undefined; stretch = waiting.shift()) {
        const report = await worker.run({ seed: options.seed, stretch, defect: defect?.name ?? null });
        reports.push(report);
        options.onReport?.(report);
        if (enough(report)) waiting.length = 0;
      }
    };
    await Promise.all(workers.map(work));
    return reports.sort((a, b) => a.stretch - b.stretch);
  };
  return {
    async simulateDays(options: DaysOptions): Promise<{ reports: StretchReport[]; tookMs: number }> {
      const beganMs = performance.now();
      return { reports: await run(options, null, () => false), tookMs: performance.now() - beganMs };
    },
    /** The first violation found with a rule made wrong, or undefined when every day of the stretches went by without one. */
    async caught(defect: LawDefect, options: DaysOptions): Promise<{ stretch: number; at: string; what: string } | undefined> {
      const reports = await run(options, defect, ({ violations }) => violations.length > 0);
      return reports.flatMap(({ stretch, violations }) => violations.map(({ at, what }) => ({ stretch, at, what })))[0];
    },
    async close(): Promise<void> {
      await Promise.all(workers.map((worker) => worker.stop()));
      await server.stop();
    },
  };
}

async function migrated(serverUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  const url = serverUrl.replace(/\/[^/]*$/, `/${name}`);
  const database = openDatabase(url, { maxConnections: 1 });
  await migrate({ pool: database.pool, log: silentLog, now: new Date("2026-01-01T00:00:00+05:30") });
  await database.close();
  return url;
}
