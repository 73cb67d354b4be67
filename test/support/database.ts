import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { templateName } from "./global-postgres.ts";

export interface TestDatabase extends Database {
  /** For processes that open the database themselves. */
  url: string;
}

/** A migrated, empty database of its own on the run's server; `close()` drops it. */
export async function testDatabase(options: { maxConnections?: number } = {}): Promise<TestDatabase> {
  const serverUrl = inject("postgresUrl");
  const name = `test_${randomBytes(8).toString("hex")}`;
  await onServer(serverUrl, `create database ${name} template ${templateName} strategy file_copy`);
  const url = serverUrl.replace(/\/[^/]*$/, `/${name}`);
  const database = openDatabase(url, options);
  let closed = false;
  return {
    ...database,
    url,
    async close() {
      if (closed) return;
      closed = true;
      await database.close();
      await onServer(serverUrl, `drop database ${name} with (force)`);
    },
  };
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
