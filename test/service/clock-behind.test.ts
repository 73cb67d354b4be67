import { expect, onTestFinished, test } from "vitest";
import { type AccountId, newId } from "../../src/domain/ids.ts";
import { systemRandom } from "../../src/adapters/system/random.ts";
import type { NumberKey } from "../../src/domain/vault.ts";
import { noticeClockBehind } from "../../src/service/clock-behind.ts";
import { manualClock } from "../support/clock.ts";
import { testDatabase } from "../support/database.ts";
import { recordingLog } from "../support/log.ts";

/** A database that has decided about a call, and paced it, on the afternoon of the first of December. */
async function trialOfTheAfternoon() {
  const database = await testDatabase();
  onTestFinished(() => database.close());
  const { db } = database;
  const at = new Date("2026-12-01T14:45:00+05:30");
  const accountId = newId<AccountId>(manualClock("2026-12-01T10:00"), systemRandom);
  await db.insertInto("accounts").values({ id: accountId, name: "A lender", data_key_sealed: Buffer.alloc(1), created_at: at, stopped_because: null, day_cap_paise: null }).execute();
  await db.insertInto("evidence").values({ account_id: accountId, number_key: "k" as NumberKey, at, ist: "14:45", decision: "call", code: "allowed", body: "{}" }).execute();
  await db.insertInto("pace").values({ key: "carrier", next_at: at, even_at: at }).execute();
  return db;
}

test("a clock behind the newest decision is warned of in one sentence, and the carrier's pace does not wait for it", async () => {
  const db = await trialOfTheAfternoon();
  const log = recordingLog();
  await noticeClockBehind({ db, clock: manualClock("2026-12-01T09:30"), log });
  expect(log.sentences("warn")).toEqual([expect.stringMatching(/^the clock reads 2026-12-01T09:30:00\+05:30, but .* until 2026-12-01T14:45:00\+05:30: .* wait until that time\. Start with a CLOCK_START after it/)]);
  expect(await db.selectFrom("pace").selectAll().execute()).toEqual([]);
});

test("a clock that goes on where the database stopped says nothing and keeps the pace", async () => {
  const db = await trialOfTheAfternoon();
  const log = recordingLog();
  for (const now of ["2026-12-01T14:44:30", "2026-12-02T10:00"]) await noticeClockBehind({ db, clock: manualClock(now), log });
  expect(log.lines).toEqual([]);
  expect(await db.selectFrom("pace").selectAll().execute()).toHaveLength(1);
});
