import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSimDatabase, type SimDatabase } from "../chaos/simulation/open-sim-database.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { runStretch } from "./run-stretch.ts";

/** The short form; `npm run simulate-days` is the whole. */
describe("simulated campaign days", () => {
  let server: TestDatabase;
  let database: SimDatabase;
  beforeAll(async () => {
    server = await testDatabase();
    database = openSimDatabase(server.url);
  });
  afterAll(async () => {
    await database.close();
    await server.close();
  });

  test("hold no call outside the rules, over the turn of the year with its change of the law", async () => {
    const report = await runStretch({ database, lists: server }, { seed: 1, stretch: 0 });
    expect(report).toMatchObject({ firstDay: "2026-12-29", lastDay: "2027-01-02", violations: [] });
    expect(report.calls).toBeGreaterThan(20);
  }, 180_000);
});
