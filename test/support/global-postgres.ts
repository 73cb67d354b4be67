import pg from "pg";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../../src/adapters/system/embedded-postgres.ts";
import { openDatabase } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { silentLog } from "./log.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Connection string of the server's maintenance database. */
    postgresUrl: string;
  }
}

/** The migrated database that `testDatabase()` clones. */
export const templateName = "dialer_template";

/** One throw-away server for the whole run: nothing to start by hand, nothing left behind. */
export default async function startServer(project: TestProject): Promise<() => Promise<void>> {
  const server = await startEmbeddedPostgres({
    log: silentLog,
    settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off", wal_level: "minimal", max_wal_senders: "0", max_connections: "300", autovacuum_naptime: "1h" },
  });
  try {
    await makeTemplate(server.url);
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide("postgresUrl", server.url);
  return () => server.stop();
}

async function makeTemplate(serverUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(`create database ${templateName}`);
    const template = openDatabase(serverUrl.replace(/\/[^/]*$/, `/${templateName}`), { maxConnections: 1 });
    try {
      await migrate({ pool: template.pool, log: silentLog, now: new Date("2026-01-01T00:00:00+05:30") });
    } finally {
      await template.close();
    }
    // A database is cloned only while nobody is connected to it, and a closed connection lingers on the server for a moment.
    await client.query(`alter database ${templateName} allow_connections false`);
    await client.query("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1", [templateName]);
  } finally {
    await client.end();
  }
}
