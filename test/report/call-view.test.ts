import { afterAll, beforeAll, expect, test } from "vitest";
import type { AccountId, ContactId } from "../../src/domain/ids.ts";
import type { RecordingConsent } from "../../src/db/tables.ts";
import type { Vault } from "../../src/domain/vault.ts";
import { showCall } from "../../src/report/call-view.ts";
import { manualClock } from "../support/clock.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { rowWriter, testDefinition, testNumber } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";

const notice = "May we record this call? Say yes or no.";

let database: TestDatabase;
let vault: Vault;
let rows: ReturnType<typeof rowWriter>;
let account: AccountId;
beforeAll(async () => {
  database = await testDatabase();
  vault = testVault(database.db);
  rows = rowWriter(database.db, manualClock("2026-12-01T11:00"), vault);
  account = await rows.account();
});
afterAll(() => database.close());

async function called(tail: number, consent: RecordingConsent | null, recording: "consent" | "off"): Promise<ContactId> {
  const campaign = await rows.campaign(account, { definitionSource: testDefinition({ recording: recording === "off" ? { mode: "off" } : { mode: recording, notice } }) });
  const who = await rows.contact(account, campaign, testNumber(tail), { state: "done", next_attempt_at: null });
  const attempt = await rows.attempt(who, { state: "ended", recording_consent: consent, hangup_by: "platform" });
  await rows.conversation(attempt, { end_reason: "callee_hung_up", hangup_by: "callee" });
  return who;
}

test("a call shows what was said about recording before its first turn, and what was answered", async () => {
  const shown = async (tail: number, consent: RecordingConsent | null, recording: "consent" | "off" = "consent") =>
    (await showCall({ db: database.db, vault }, { accountId: account, id: await called(tail, consent, recording) })).attempts[0];
  expect(await shown(1, "given")).toMatchObject({ recording_notice: notice, recording_consent: "given" });
  expect(await shown(2, "refused")).toMatchObject({ recording_notice: notice, recording_consent: "refused" });
  expect(await shown(3, null)).toMatchObject({ recording_notice: null, recording_consent: null });
  expect(await shown(4, "not_asked", "off")).toMatchObject({ recording_notice: null, recording_consent: "not_asked" });
});

test("a call that we ended says so, whatever its conversation took the closed line for", async () => {
  const { attempts } = await showCall({ db: database.db, vault }, { accountId: account, id: await called(5, "not_asked", "off") });
  expect(attempts[0]).toMatchObject({ hangup_by: "platform", end_reason: "line_lost" });
});
