import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { runSeed } from "./simulation/run-seed.ts";

/** The short form; `npm run chaos -- simulate --seeds 500` is the whole. */
const seeds = 6;

describe("a simulated deployment", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());

  test(`R1.5 keeps its eight promises over more than a day of faults, for ${seeds} seeds`, async () => {
    for (let seed = 1; seed <= seeds; seed += 1) {
      const report = await runSeed(database, seed);
      expect(report.calls, `seed ${seed}`).toBeGreaterThan(0);
    }
  }, 120_000);

  test("R1.5 a seed repeats exactly", async () => {
    expect(await runSeed(database, 4)).toEqual(await runSeed(database, 4));
  }, 60_000);
});
