import pg from "pg";
import { startEmbeddedPostgres } from "../../src/adapters/system/embedded-postgres.ts";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { silentLog } from "../support/log.ts";

export interface BenchServer {
  /** A migrated, empty database of the given name. */
  open(name: string): Promise<Database & { url: string }>;
  /** Closes every database opened and throws the server away. */
  close(): Promise<void>;
}

/** A throw-away server with the durability of production. */
export async function benchServer(): Promise<BenchServer> {
  const server = await startEmbeddedPostgres({ log: silentLog, settings: { max_wal_size: "4GB", shared_buffers: "512MB" } });
  const opened: Database[] = [];
  return {
    async open(name) {
      const admin = new pg.Client({ connectionString: server.url });
      await admin.connect();
      await admin.query(`create database ${admin.escapeIdentifier(name)}`);
      await admin.end();
      const url = server.url.replace(/\/[^/]*$/, `/${name}`);
      // Making a hundred million rows is one statement.
      const database = openDatabase(url, { answerWithinMs: 3_600_000 });
      opened.push(database);
      await migrate({ pool: database.pool, log: silentLog, now: new Date("2026-01-01T00:00:00+05:30") });
      return { ...database, url };
    },
    async close() {
      await Promise.all(opened.map((database) => database.close()));
      await server.stop();
    },
  };
}
