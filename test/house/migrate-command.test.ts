import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";

const run = promisify(execFile);
const command = new URL("../../src/migrate.ts", import.meta.url).pathname;

describe("npm run migrate", () => {
  let dataDir: string;
  let database: TestDatabase;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "migrate-"));
    database = await testDatabase();
  });
  afterAll(async () => {
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const migrate = (environment: Record<string, string>) => run(process.execPath, [command], { env: { PATH: process.env["PATH"] ?? "", DATA_DIR: dataDir, ...environment } });
  const sentences = (lines: string) => lines.trim().split("\n").map((line) => (JSON.parse(line) as { sentence: string }).sentence);

  it("says that a migrated database is up to date", async () => {
    expect(sentences((await migrate({ DATABASE_URL: database.url })).stdout)).toEqual(["the schema is up to date"]);
  });

  it("fills an empty database", async () => {
    await database.pool.query("drop schema public cascade");
    await database.pool.query("create schema public");
    const said = sentences((await migrate({ DATABASE_URL: database.url })).stdout);
    expect(said.at(-1)).toBe("the schema was brought up to date");
    expect((await database.pool.query("select 1 from schema_migrations where version = 1")).rowCount).toBe(1);
  });

  it("ends with the list of what is wrong, without a stack and without the password", async () => {
    const failure = (await migrate({ DATABASE_URL: "mysql://u:hunter2@h/d", PORT: "x" }).catch((error: unknown) => error)) as { code: number; stderr: string; stdout: string };
    expect(failure.code).toBe(1);
    expect(failure.stderr).toContain("2 settings are wrong or missing:");
    expect(failure.stderr + failure.stdout).not.toMatch(/hunter2|at file:|at Object/);
  });

  it("ends with a clear line when the database cannot be reached", async () => {
    const failure = (await migrate({ DATABASE_URL: "postgres://u:hunter2@127.0.0.1:1/d" }).catch((error: unknown) => error)) as { code: number; stdout: string };
    expect(failure.code).toBe(1);
    expect(failure.stdout).toContain("the migration failed");
    expect(failure.stdout).toContain("ECONNREFUSED");
    expect(failure.stdout).not.toContain("hunter2");
  });
});
