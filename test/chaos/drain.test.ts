import { expect, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { drainUnderCalls } from "./drain.ts";

/** The short form; `npm run chaos -- drain` has fifty live calls. */
const liveCalls = 2;

test.concurrent("R3.7 on SIGTERM live calls go on until the people hang up, nobody else is called, and the process ends by itself", async () => {
  const database = await testDatabase();
  const report = await drainUnderCalls({ databaseUrl: database.url, liveCalls, hangUpAfterMs: 6_000 });
  expect(report).toMatchObject({ live: liveCalls, cut: [], placedLate: 0, failedWebhooks: 0, exitCode: 0 });
  await database.close();
}, 120_000);

test.concurrent("R3.7 a second SIGTERM ends the live calls with a goodbye", async () => {
  const database = await testDatabase();
  const report = await drainUnderCalls({ databaseUrl: database.url, liveCalls });
  expect(report).toMatchObject({ live: liveCalls, placedLate: 0, exitCode: 0 });
  expect(report.cut, "ended by us").toHaveLength(liveCalls);
  for (const words of report.lastHeard) expect(words).toMatch(/thank|bye|sorry|later/i);
  await database.close();
}, 120_000);
