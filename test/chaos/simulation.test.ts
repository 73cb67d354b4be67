import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { openSimDatabase, type SimDatabase } from "./simulation/open-sim-database.ts";
import { runSeed, type SeedReport } from "./simulation/run-seed.ts";

/** The short form; `npm run chaos -- simulate` runs five hundred. */
const seeds = 12;

describe("a simulated deployment", () => {
  const databases: TestDatabase[] = [];
  const lanes: SimDatabase[] = [];
  beforeAll(async () => {
    for (let lane = 0; lane < 2; lane += 1) {
      const database = await testDatabase();
      databases.push(database);
      lanes.push(openSimDatabase(database.url));
    }
  });
  afterAll(async () => {
    await Promise.all(lanes.map((lane) => lane.close()));
    await Promise.all(databases.map((database) => database.close()));
  });

  const reports = new Map<number, SeedReport>();
  test(`R1.5 keeps its eight promises over more than a day of faults, for ${seeds} seeds`, async () => {
    let next = 1;
    const run = async (database: SimDatabase): Promise<void> => {
      for (let seed = next++; seed <= seeds; seed = next++) reports.set(seed, await runSeed(database, seed));
    };
    await Promise.all(lanes.map(run));
    for (const [seed, { calls }] of reports) expect(calls, `seed ${seed}`).toBeGreaterThan(0);
    expect(reports.size).toBe(seeds);
  }, 120_000);

  test("R1.5 a seed repeats exactly, whatever runs beside it", async () => {
    const [first, second] = lanes;
    if (!first || !second) throw new Error("expected two databases");
    const again = await Promise.all([runSeed(first, 4), runSeed(second, 5)]);
    expect(again).toEqual([reports.get(4), reports.get(5)]);
    expect(await runSeed(second, 4)).toEqual(reports.get(4));
  }, 60_000);
});
