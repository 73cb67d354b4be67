import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../../src/adapters/system/embedded-postgres.ts";
import { systemRandom } from "../../src/adapters/system/random.ts";
import { type Database, openDatabase } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { importContacts } from "../../src/intake/import-contacts.ts";
import { manualClock } from "../support/clock.ts";
import { silentLog } from "../support/log.ts";
import { rowWriter } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";
import { listDefinition } from "./intake-fixture.ts";

let server: EmbeddedPostgres;
let database: Database;
beforeAll(async () => {
  server = await startEmbeddedPostgres({ settings: { restart_after_crash: "on" }, log: silentLog });
  database = openDatabase(server.url);
  await migrate({ pool: database.pool, log: silentLog, now: new Date() });
}, 60_000);
afterAll(async () => {
  await database.close();
  await server.stop();
});

/** Ends one of the server's own processes as the kernel does when memory is short: the server takes all of them down and recovers. */
async function crash(): Promise<void> {
  const { rows } = await database.pool.query<{ pid: number }>("select pid from pg_stat_activity where backend_type = 'background writer'");
  process.kill(rows[0]?.pid ?? Number.NaN, "SIGKILL");
  const writer = () => database.pool.query<{ pid: number }>("select pid from pg_stat_activity where backend_type = 'background writer'").then((found) => found.rows[0]?.pid, () => undefined);
  await expect.poll(writer, { timeout: 30_000 }).not.toBe(rows[0]?.pid);
  await expect.poll(writer, { timeout: 30_000 }).toEqual(expect.any(Number));
}

describe("a crash of Postgres during an upload", () => {
  it("ends the import as failed, with not one contact of a list of which half is forgotten", async () => {
    const { db, pool } = database;
    const clock = manualClock("2026-12-01T10:00");
    const vault = testVault(db);
    const write = rowWriter(db, clock, vault);
    const accountId = await write.account();
    const campaignId = await write.campaign(accountId, { state: "draft", definitionSource: listDefinition });
    const staged = async () => (await pool.query<{ n: number }>("select count(*) as n from import_rows")).rows[0]?.n;
    const source = async function* () {
      yield Buffer.from(`phone,amount_due\n${Array.from({ length: 1_000 }, (_, at) => `${9_876_500_000 + at},1\n`).join("")}`);
      await expect.poll(staged).toBeGreaterThan(0);
      await crash();
      expect(await staged()).toBe(0);
      yield Buffer.from(Array.from({ length: 1_000 }, (_, at) => `${9_876_510_000 + at},1\n`).join(""));
    };
    const importing = importContacts({ db, pool, vault, clock, random: systemRandom, log: silentLog }, { accountId, campaignId, source: source(), mapping: {}, onDuplicate: "keep_first" });
    // "staged_rows_lost", or the broken connection when a batch was being written just then.
    await expect(importing).rejects.toThrow();
    expect(await db.selectFrom("contacts").select("id").execute()).toEqual([]);
    expect(await db.selectFrom("imports").select(["state", "accepted"]).execute()).toEqual([{ state: "failed", accepted: 0 }]);
  }, 90_000);
});
