import { expect, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { claimRace } from "./claim-race.ts";

/** The short form; `npm run chaos -- claims` has 20,000 contacts and tells how fast it went. */
const contacts = 40;

test("R1.2 sixteen dispatchers that all have every due contact claim each once and ring each once", async () => {
  const database = await testDatabase({ maxConnections: 24 });
  const report = await claimRace(database, { dispatchers: 16, contacts });
  expect(report).toMatchObject({ contacts, rungTwice: 0, claimedTwice: 0, calls: contacts });
  await database.close();
}, 60_000);
