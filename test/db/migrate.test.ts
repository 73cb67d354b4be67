import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrate } from "../../src/db/migrate.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { recordingLog, silentLog } from "../support/log.ts";

const now = new Date("2026-12-01T10:00:00+05:30");

describe("migrations", () => {
  let database: TestDatabase;
  let folder: string;

  beforeEach(async () => {
    database = await testDatabase();
    folder = await mkdtemp(join(tmpdir(), "migrations-"));
    await database.pool.query("delete from schema_migrations");
  });
  afterEach(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });
  const write = (name: string, sql: string) => writeFile(join(folder, name), sql);
  const run = () => migrate({ pool: database.pool, log: silentLog, now, folder });

  it("applies each file once, in order", async () => {
    await write("0001_shops.sql", "create table shops (id int primary key);");
    await write("0002_names.sql", "alter table shops add name text; insert into shops values (1, 'Asha');");
    expect(await run()).toEqual(["0001_shops.sql", "0002_names.sql"]);
    expect(await run()).toEqual([]);
    expect((await database.pool.query("select * from shops")).rows).toEqual([{ id: 1, name: "Asha" }]);
  });

  it("lets processes that start together migrate once", async () => {
    await write("0001_shops.sql", "create table shops (id int primary key);");
    const applied = await Promise.all([run(), run(), run()]);
    expect(applied.flat()).toEqual(["0001_shops.sql"]);
  });

  it("rolls a failing file back whole and keeps those before it", async () => {
    await write("0001_shops.sql", "create table shops (id int primary key);");
    await write("0002_broken.sql", "create table half (id int); select 1 / 0;");
    await expect(run()).rejects.toThrow("0002_broken.sql failed and was rolled back: division by zero");
    expect((await database.pool.query("select to_regclass('half') as half, to_regclass('shops')::text as shops")).rows).toEqual([
      { half: null, shops: "shops" },
    ]);
  });

  it("refuses a file that was changed after it was applied", async () => {
    await write("0001_shops.sql", "create table shops (id int primary key);");
    await run();
    await write("0001_shops.sql", "create table shops (id bigint primary key);");
    await expect(run()).rejects.toThrow("0001_shops.sql was changed after it was applied");
  });

  it("refuses gaps and foreign names in the numbering", async () => {
    await write("0002_late.sql", "select 1;");
    await expect(run()).rejects.toThrow("expected");
  });

  it("says when the database is ahead of the release, and goes on", async () => {
    await write("0001_shops.sql", "create table shops (id int primary key);");
    await database.pool.query("insert into schema_migrations values (9, '0009_future.sql', 'x', now())");
    await rm(join(folder, "0001_shops.sql"));
    const log = recordingLog();
    expect(await migrate({ pool: database.pool, log, now, folder })).toEqual([]);
    expect(log.sentences("warn")).toEqual(["the database is ahead of this release"]);
  });
});
