import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { redisInstalled, testRedis } from "../support/redis.ts";
import { type Cell, runMatrix } from "./crash-matrix.ts";

/** The short form: deaths after which a call exists or is placed again at once. `npm run chaos -- crash` is the whole matrix. */
const cells: readonly Cell[] = [
  { death: "after_claim", fault: "none", takeOver: "other_node" },
  { death: "request_flushed", fault: "answer_never", takeOver: "other_node" },
  { death: "response_parsed", fault: "callbacks_never", takeOver: "other_node" },
  { death: "result_write_sent", fault: "answer_lost", takeOver: "other_node" },
  { death: "fact_stored", fault: "callbacks_first", takeOver: "other_node" },
];

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test("R1.1 a process killed at any point rings nobody twice, forgets nobody and keeps no slot", async () => {
  const redis = redisInstalled ? await testRedis() : undefined;
  const report = await runMatrix(database, cells, { rate: 25, seed: 1, lanes: 2, restMs: 200_000, ...(redis && { redis }) });
  await redis?.close();
  expect(report).toMatchObject({ cells: cells.length, rungTwice: [], lost: [], slotsLeaked: 0 });
  expect(report.calls).toBe(cells.length);
}, 120_000);
