import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";

const folder = new URL("../../src/db/", import.meta.url);

/** Tables and their columns as the types of `src/db` declare them. */
async function declaredTables(): Promise<Map<string, string[]>> {
  const files = (await readdir(folder)).filter((name) => name.startsWith("tables"));
  const source = (await Promise.all(files.map((name) => readFile(new URL(name, folder), "utf8")))).join("\n");
  const bodies = new Map([...source.matchAll(/export interface (\w+) \{\n([\s\S]*?)\n\}/g)].map((match) => [match[1] ?? "", match[2] ?? ""]));
  const members = (body: string) => [...body.matchAll(/^ {2}(\w+): ([^;]+);$/gm)].map((match) => [match[1] ?? "", match[2] ?? ""] as const);
  return new Map(members(bodies.get("Tables") ?? "").map(([table, type]) => [table, members(bodies.get(type) ?? "").map(([column]) => column).sort()]));
}

describe("the tables", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());

  it("have the columns that the code declares, one to one", async () => {
    const rows = await database.pool.query<{ table: string; columns: string[] }>(
      `select c.relname as "table", array_agg(a.attname::text order by a.attname collate "C") as columns
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'schema_migrations'
        group by c.relname`,
    );
    const migrated = new Map(rows.rows.map((row) => [row.table, row.columns]));
    expect(migrated).toEqual(await declaredTables());
  });

  it("of an account carry account_id", async () => {
    // Keyed by an account's number or key, of all accounts together, or not yet known to belong to one.
    const shared = ["accounts", "carrier_account", "evidence_seals", "pace", "rate_limits", "schema_migrations", "webhook_inbox"];
    const rows = await database.pool.query<{ table: string }>(
      `select c.relname as "table" from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relname = any($1)
          and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'account_id')`,
      [shared],
    );
    expect(rows.rows.map((row) => row.table)).toEqual([]);
  });

  it("say in the first line of each migration why it exists", async () => {
    const migrations = new URL("../../migrations/", import.meta.url);
    for (const name of await readdir(migrations)) expect(await readFile(new URL(name, migrations), "utf8"), name).toMatch(/^-- \S.{20,}/);
  });
});
