import { performance } from "node:perf_hooks";
import { startEmbeddedPostgres } from "../../src/adapters/system/embedded-postgres.ts";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { silentLog } from "../support/log.ts";
import { runSeed, type SeedReport } from "./simulation/run-seed.ts";

/** Runs seeds one after the other on a throw-away database; stops at the first that fails. */
export async function simulate(options: { from: number; seeds: number; onSeed?: (report: SeedReport) => void }): Promise<{ reports: SeedReport[]; tookMs: number }> {
  const server = await startEmbeddedPostgres({ log: silentLog, settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off", autovacuum: "off" } });
  const database = openDatabase(server.url);
  try {
    await migrate({ pool: database.pool, log: silentLog, now: new Date("2026-01-01T00:00:00+05:30") });
    const beganMs = performance.now();
    const reports = await runSeeds(database, options);
    return { reports, tookMs: performance.now() - beganMs };
  } finally {
    await database.close();
    await server.stop();
  }
}

export async function runSeeds(database: Database, options: { from: number; seeds: number; onSeed?: (report: SeedReport) => void }): Promise<SeedReport[]> {
  const reports: SeedReport[] = [];
  for (let seed = options.from; seed < options.from + options.seeds; seed += 1) {
    const report = await runSeed(database, seed);
    options.onSeed?.(report);
    reports.push(report);
  }
  return reports;
}
