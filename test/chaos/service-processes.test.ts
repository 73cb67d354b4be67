import { expect, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { drainUnderCalls } from "./drain.ts";
import { killDialers } from "./killed-dialers.ts";

// Processes of the service itself: they mostly wait, so they do it side by side.

/** The short form; `npm run chaos -- drain` has fifty live calls. */
const liveCalls = 2;
/** The short form; `npm run chaos -- kills` has five thousand and kills for minutes. */
const contacts = 40;

test.concurrent("R3.1 dialers of the service killed one after the other ring nobody twice, forget nobody and keep no slot", async () => {
  const database = await testDatabase();
  const report = await killDialers(database, { contacts, callsPerSecond: 10, dialers: 1, killEveryMs: 1_000, restAfterKills: 2 });
  expect(report).toMatchObject({ contacts, kills: 2, rungTwice: 0, lost: 0, slotsLeaked: 0 });
  expect(report.calls, "those cut off between commit and request were not made").toBeGreaterThan(contacts / 2);
  await database.close();
}, 120_000);

test.concurrent("R3.7 on SIGTERM live calls go on until the people hang up, nobody else is called, and the process ends by itself", async () => {
  const database = await testDatabase();
  const report = await drainUnderCalls({ databaseUrl: database.url, liveCalls, hangUpAfterMs: 6_000 });
  expect(report).toMatchObject({ cut: [], placedLate: 0, failedWebhooks: 0, exitCode: 0 });
  expect(report.live).toBeGreaterThanOrEqual(liveCalls);
  expect(report.waiting, "who waits for a place in the pace").toBeGreaterThan(0);
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
