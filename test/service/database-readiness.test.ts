import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Db } from "../../src/db/database.ts";
import { databaseReadiness } from "../../src/service/database-readiness.ts";
import { manualClock } from "../support/clock.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const clock = manualClock("2026-12-01T11:00");
const ask = (db: Db, more: { stopping?: boolean; apart?: boolean; stalled?: boolean; stuck?: boolean } = {}) =>
  databaseReadiness({ db, clock, isStopping: () => more.stopping ?? false, clockAgrees: () => !more.apart, loopsGoRound: () => !more.stalled, queueMoves: () => !more.stuck })();

describe("readiness", () => {
  it("needs a process that is not stopping, a clock that can be trusted, a database that answers, and work that goes on", async () => {
    expect(await ask(database.db)).toEqual({ ready: true, checks: { running: true, clock: true, database: true, loops: true, queue: true } });
    expect(await ask(database.db, { stopping: true })).toMatchObject({ ready: false, checks: { running: false } });
    expect(await ask(database.db, { apart: true })).toMatchObject({ ready: false, checks: { clock: false } });
    expect(await ask(database.db, { stalled: true })).toMatchObject({ ready: false, checks: { loops: false } });
    expect(await ask(database.db, { stuck: true })).toMatchObject({ ready: false, checks: { queue: false } });
    const gone = await testDatabase();
    await gone.close();
    expect(await ask(gone.db)).toMatchObject({ ready: false, checks: { database: false } });
  });

  it("does not wait for a database that hangs", async () => {
    const busy = await testDatabase({ maxConnections: 1 });
    const held = await busy.pool.connect();
    const asked = ask(busy.db);
    await expect.poll(() => clock.pending).toBeGreaterThan(0);
    clock.advance(2_000);
    expect(await asked).toMatchObject({ ready: false, checks: { database: false } });
    held.release();
    await busy.close();
  });
});
