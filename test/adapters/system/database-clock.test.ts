import { once } from "node:events";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type DatabaseClock, type DatabaseClockDeps, databaseClock } from "../../../src/adapters/system/database-clock.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";
import { recordingLog } from "../../support/log.ts";

describe("the clock that follows the database", () => {
  let database: TestDatabase;
  let clock: DatabaseClock | undefined;

  beforeAll(async () => {
    database = await testDatabase();
  });
  afterEach(() => clock?.close());
  afterAll(() => database.close());

  const start = async (more: Partial<DatabaseClockDeps> = {}) => {
    const log = recordingLog();
    clock = await databaseClock({ pool: database.pool, log, ...more });
    return { clock, log };
  };
  const databaseMs = async (): Promise<number> =>
    (await database.pool.query<{ ms: number }>("select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms")).rows[0]?.ms ?? Number.NaN;

  it("reads as the database does, in Asia/Kolkata", async () => {
    const { clock } = await start();
    const before = await databaseMs();
    const read = clock.nowMs();
    const after = await databaseMs();
    expect(read).toBeGreaterThan(before - 50);
    expect(read).toBeLessThan(after + 50);
    expect(clock.now().zoneName).toBe("Asia/Kolkata");
  });

  it("starts where a trial says and runs on from there, also after it measured again", async () => {
    const startAtMs = Date.parse("2027-03-01T10:00:00+05:30");
    const { clock } = await start({ startAtMs });
    await clock.follow();
    expect(clock.nowMs() - startAtMs).toBeGreaterThanOrEqual(-5);
    expect(clock.nowMs() - startAtMs).toBeLessThan(5_000);
    expect(Math.abs(clock.wall.nowMs() - (await databaseMs()))).toBeLessThan(200);
  });

  it("says nothing when machine and database agree", async () => {
    const { log, clock } = await start();
    await clock.follow();
    expect(log.lines).toEqual([]);
    expect(clock.agrees).toBe(true);
  });

  it("warns beyond two seconds and still follows the database", async () => {
    const { clock, log } = await start({ machineNowMs: () => Date.now() + 5_000 });
    expect(log.sentences("warn")).toEqual(["the machine's clock differs from the database's, which is followed"]);
    expect(Math.abs(clock.nowMs() - (await databaseMs()))).toBeLessThan(200);
    expect(clock.agrees).toBe(true);
  });

  it("refuses to start beyond thirty seconds, in either direction", async () => {
    await expect(start({ machineNowMs: () => Date.now() + 300_000 })).rejects.toThrow("they are 300 s apart");
    await expect(start({ machineNowMs: () => Date.now() - 300_000 })).rejects.toThrow("they are 300 s apart");
  });

  it("stops agreeing when the clocks drift apart later, and agrees again when they meet", async () => {
    let driftMs = 0;
    const { clock, log } = await start({ machineNowMs: () => Date.now() + driftMs });
    driftMs = 60_000;
    await clock.follow();
    expect(clock.agrees).toBe(false);
    expect(log.sentences("error")).toEqual(["the machine's clock and the database's are too far apart to dial"]);
    driftMs = 0;
    await clock.follow();
    expect(clock.agrees).toBe(true);
  });

  it("is not trusted after the machine slept, until it has been measured again", async () => {
    let sleptMs = 0;
    const { clock, log } = await start({ machineNowMs: () => Date.now() + sleptMs });
    expect(clock.agrees).toBe(true);
    sleptMs = 5_000;
    expect(clock.agrees).toBe(false);
    await expect.poll(() => clock.agrees).toBe(true);
    expect(log.sentences("warn")).toContain("the machine slept or its clock was set; nobody is dialed before the database was asked for the time");
  });

  it("runs on when the database cannot be asked", async () => {
    const other = await testDatabase();
    const log = recordingLog();
    const lonely = await databaseClock({ pool: other.pool, log, everyMs: 20 });
    const readMs = lonely.nowMs();
    await other.close();
    const fired = new EventTarget();
    const waited = once(fired, "done");
    const look = (): void => {
      if (log.sentences("warn").length > 0) fired.dispatchEvent(new Event("done"));
      else lonely.setTimer(10, look);
    };
    look();
    await waited;
    lonely.close();
    expect(log.sentences("warn")).toContain("the database's clock could not be read; the own clock runs on");
    expect(lonely.nowMs()).toBeGreaterThan(readMs);
  });
});
