import { afterEach, describe, expect, test } from "vitest";
import { moveAttempts, noteAttempts } from "../../src/db/attempt-state.ts";
import { manualClock } from "../support/clock.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { rowWriter, testNumber } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";

const open: TestDatabase[] = [];
afterEach(async () => {
  for (const database of open.splice(0)) await database.close();
});

async function threePlanned() {
  const database = await testDatabase();
  open.push(database);
  const clock = manualClock("2026-12-01T11:00");
  const rows = rowWriter(database.db, clock, testVault(database.db));
  const accountId = await rows.account();
  const campaignId = await rows.campaign(accountId);
  const ids = [];
  for (let n = 0; n < 3; n += 1) ids.push(await rows.attempt(await rows.contact(accountId, campaignId, testNumber(n), { state: "planned" })));
  const read = () => database.db.selectFrom("attempts").select(["id", "state", "lease_owner", "fold", "due_at"]).orderBy("ordinal").orderBy("id").execute();
  return { db: database.db, ids, now: new Date(clock.nowMs()), read };
}

describe("moving many attempts at once", () => {
  test("each row by itself: those that are elsewhere already stay, the others move with facts of their own", async () => {
    const { db, ids, now, read } = await threePlanned();
    const [gone] = ids;
    await db.updateTable("attempts").set({ state: "refused" }).where("id", "in", gone === undefined ? [] : [gone]).execute();
    const moved = await moveAttempts(db, { from: ["planned"], to: "claimed", now, rows: ids.map((id, n) => ({ id, facts: { lease_owner: `holder-${n}`, fold: JSON.stringify({ n }), due_at: new Date(now.getTime() + n) } })) });
    expect([...moved].sort()).toEqual(ids.slice(1).sort());
    const after = new Map((await read()).map((row) => [row.id, row]));
    expect(ids.map((id) => after.get(id))).toMatchObject([
      { state: "refused", lease_owner: null, fold: {} },
      { state: "claimed", lease_owner: "holder-1", fold: { n: 1 }, due_at: new Date(now.getTime() + 1) },
      { state: "claimed", lease_owner: "holder-2", fold: { n: 2 }, due_at: new Date(now.getTime() + 2) },
    ]);
  });

  test("a move that the state machine does not have throws, and so do rows that name different columns", async () => {
    const { db, ids, now } = await threePlanned();
    const [one, two] = ids;
    if (one === undefined || two === undefined) throw new Error("expected attempts");
    await expect(moveAttempts(db, { from: ["planned"], to: "sending", now, rows: [{ id: one, facts: {} }] })).rejects.toThrow("planned → sending");
    const uneven = [
      { id: one, facts: { lease_owner: "a" } },
      { id: two, facts: { checks: 1 } },
    ];
    await expect(moveAttempts(db, { from: ["planned"], to: "claimed", now, rows: uneven })).rejects.toThrow("expected the columns lease_owner");
    await expect(noteAttempts(db, { rows: uneven, now })).rejects.toThrow("expected the columns lease_owner");
  });
});
