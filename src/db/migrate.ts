import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import type { Log } from "../domain/log.ts";
import { withPatience } from "./patience.ts";

/** `migrations/` of this project. */
export const migrationsFolder = new URL("../../migrations/", import.meta.url).pathname;

interface Migration {
  version: number;
  name: string;
  sql: string;
  checksum: string;
}

export interface MigrateDeps {
  pool: pg.Pool;
  log: Log;
  /** The instant written beside each applied file. */
  now: Date;
  /** Default: `migrations/` of this project. */
  folder?: string;
}

/** "campaign-dialer migrations" as one advisory lock: processes that start together migrate one after the other. */
const lockKey = 7_203_114_051;

/**
 * Brings the database to the newest schema: forward only, each file in its own transaction, once. Answers the names
 * applied now. Refuses a history that was edited, because then no two databases are known to be alike. A login without the
 * right to change the schema may call it too, on a schema that is up to date.
 */
export async function migrate(deps: MigrateDeps): Promise<string[]> {
  const migrations = await readMigrations(deps.folder ?? migrationsFolder);
  return withPatience("migration", () => migrateWith(deps, migrations));
}

async function migrateWith(deps: MigrateDeps, migrations: readonly Migration[]): Promise<string[]> {
  const client = await deps.pool.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [lockKey]);
    try {
      return await applyMissing(client, migrations, deps);
    } finally {
      await client.query("select pg_advisory_unlock($1)", [lockKey]);
    }
  } finally {
    client.release();
  }
}

async function applyMissing(client: pg.PoolClient, migrations: readonly Migration[], deps: MigrateDeps): Promise<string[]> {
  const { rows } = await client.query<{ kept: boolean }>("select to_regclass('schema_migrations') is not null as kept");
  if (rows[0]?.kept !== true) {
    await client.query("create table schema_migrations (version int primary key, name text not null, checksum text not null, applied_at timestamptz not null)");
  }
  const history = await client.query<{ version: number; name: string; checksum: string }>(
    "select version, name, checksum from schema_migrations order by version",
  );
  const applied = new Map(history.rows.map((row) => [row.version, row]));
  refuseEditedHistory(migrations, applied);
  const known = new Set(migrations.map((migration) => migration.version));
  const ahead = history.rows.filter((row) => !known.has(row.version)).map((row) => row.name);
  if (ahead.length > 0) deps.log.warn("the database is ahead of this release", { migrations: ahead });

  const names: string[] = [];
  for (const migration of migrations) {
    if (applied.has(migration.version)) continue;
    await applyOne(client, migration, deps.now);
    deps.log.info("applied a migration", { migration: migration.name });
    names.push(migration.name);
  }
  return names;
}

async function applyOne(client: pg.PoolClient, migration: Migration, now: Date): Promise<void> {
  await client.query("begin");
  try {
    await client.query(migration.sql);
    await client.query("insert into schema_migrations (version, name, checksum, applied_at) values ($1, $2, $3, $4)", [
      migration.version,
      migration.name,
      migration.checksum,
      now,
    ]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw new Error(`migration ${migration.name} failed and was rolled back: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function refuseEditedHistory(migrations: readonly Migration[], applied: ReadonlyMap<number, { checksum: string }>): void {
  const newest = Math.max(0, ...applied.keys());
  const problems = migrations.flatMap((migration) => {
    const before = applied.get(migration.version);
    if (before && before.checksum !== migration.checksum) return [`${migration.name} was changed after it was applied`];
    if (!before && migration.version < newest) return [`${migration.name} comes before migrations that were already applied`];
    return [];
  });
  if (problems.length === 0) return;
  throw new Error(`expected the history of migrations to be untouched: ${problems.join("; ")}. Write a new migration instead.`);
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const version = Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1]);
      if (version !== index + 1) throw new Error(`expected ${folder} to be numbered 0001_, 0002_, … without gaps, got ${name} at place ${index + 1}`);
      const sql = await readFile(join(folder, name), "utf8");
      return { version, name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}
