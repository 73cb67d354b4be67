import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AccountId, CampaignId } from "../../src/domain/ids.ts";
import type { Vault } from "../../src/domain/vault.ts";
import { campaignReport } from "../../src/report/campaign-report.ts";
import { progress } from "../../src/report/progress.ts";
import { manualClock } from "../support/clock.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { rowWriter, testNumber } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";

describe("what the operator is told of a campaign", () => {
  let database: TestDatabase;
  let vault: Vault;
  let rows: ReturnType<typeof rowWriter>;
  let account: AccountId;
  let campaign: CampaignId;
  const clock = manualClock("2026-12-01T11:00");
  const at = (minutes: number) => new Date(clock.nowMs() + minutes * 60_000);

  beforeAll(async () => {
    database = await testDatabase();
    vault = testVault(database.db);
    rows = rowWriter(database.db, clock, vault);
    account = await rows.account();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    campaign = await rows.campaign(account);
  });

  test("progress counts every contact in exactly one state, with the reason it is there", async () => {
    await rows.contact(account, campaign, testNumber(1));
    await rows.contact(account, campaign, testNumber(2), { state: "blocked", next_attempt_at: null, blocked_reason: "suppressed" });
    await rows.contact(account, campaign, testNumber(3), { state: "blocked", next_attempt_at: null, blocked_reason: "suppressed" });
    const talking = await rows.contact(account, campaign, testNumber(4), { state: "planned", next_attempt_at: null });
    await rows.attempt(talking, { state: "in_progress" });
    const seen = await progress({ db: database.db }, { accountId: account, campaignId: campaign });
    expect(seen).toMatchObject({ contacts: 4, live_calls: 1, calls_by_state: { in_progress: 1 } });
    expect(seen.funnel.blocked).toEqual({ contacts: 2, reasons: { suppressed: 2 } });
    expect(Object.values(seen.funnel).reduce((sum, state) => sum + state.contacts, 0)).toBe(seen.contacts);
  });

  test("progress of a paused campaign says that it is paused, and what the planner noted of a running one", async () => {
    await rows.contact(account, campaign, testNumber(5));
    const note = [{ reason: "window", contacts: 1, until: "2026-12-02T09:00:00.000+05:30" }];
    await database.db.insertInto("campaign_notes").values({ campaign_id: campaign, account_id: account, reasons: JSON.stringify(note), noted_at: at(0) }).execute();
    expect((await progress({ db: database.db }, { accountId: account, campaignId: campaign })).not_dialing_because).toEqual(note);
    await database.db.updateTable("campaigns").set({ state: "paused", paused_because: "operator" }).where("id", "=", campaign).execute();
    expect((await progress({ db: database.db }, { accountId: account, campaignId: campaign })).not_dialing_because).toEqual([
      { reason: "paused", contacts: 1, until: null, detail: "operator" },
    ]);
  });

  test("progress says why nothing will dial until the campaign is over: never started, nobody there, everybody blocked", async () => {
    const why = async () => (await progress({ db: database.db, clock }, { accountId: account, campaignId: campaign })).not_dialing_because;
    const move = (state: "draft" | "running" | "paused" | "finished") => database.db.updateTable("campaigns").set({ state }).where("id", "=", campaign).execute();
    await move("draft");
    expect(await why()).toEqual([{ reason: "not_started", contacts: 0, until: null }, { reason: "no_contacts", contacts: 0, until: null }]);
    await rows.contact(account, campaign, testNumber(7), { state: "blocked", next_attempt_at: null, blocked_reason: "suppressed" });
    await rows.contact(account, campaign, testNumber(8), { state: "blocked", next_attempt_at: null, blocked_reason: "hold_dispute" });
    await rows.contact(account, campaign, testNumber(9), { state: "held", next_attempt_at: null });
    const left = [
      { reason: "blocked", contacts: 2, until: null, detail: expect.stringMatching(/^(?:suppressed: 1, hold_dispute: 1|hold_dispute: 1, suppressed: 1)$/) as string },
      { reason: "held", contacts: 1, until: null },
    ];
    expect(await why()).toEqual([{ reason: "not_started", contacts: 0, until: null }, ...left]);
    await move("running");
    expect(await why()).toEqual(left);
    const waiting = await rows.contact(account, campaign, testNumber(10));
    expect(await why()).toEqual([]);
    await database.db.updateTable("contacts").set({ state: "done", next_attempt_at: null }).where("id", "=", waiting).execute();
    await move("paused");
    expect(await why()).toEqual([{ reason: "paused", contacts: 0, until: null }, ...left]);
    await move("finished");
    expect(await why()).toEqual([]);
  });

  test("a running campaign of which no planner was heard for a minute says so", async () => {
    await rows.contact(account, campaign, testNumber(6));
    const reasons = async (): Promise<string[]> =>
      (await progress({ db: database.db, clock }, { accountId: account, campaignId: campaign })).not_dialing_because.map((line) => line.reason);
    await database.db.insertInto("campaign_notes").values({ campaign_id: campaign, account_id: account, reasons: "[]", noted_at: at(0) }).execute();
    expect(await reasons()).toEqual([]);
    await database.db.updateTable("campaign_notes").set({ noted_at: at(-2) }).where("campaign_id", "=", campaign).execute();
    await database.db.updateTable("campaigns").set({ started_at: at(-9) }).where("id", "=", campaign).execute();
    expect(await reasons()).toEqual(["no_planner"]);
  });

  test("the report leaves invalid numbers out of the connect rate, counts hours in Indian time, and the greeting from the pickup", async () => {
    const outcome = async (tail: number, disposition: string, failed: boolean) => {
      const who = await rows.contact(account, campaign, testNumber(tail), { state: "done", next_attempt_at: null });
      const attempt = await rows.attempt(who, { state: "ended", sent_at: at(0), answered_at: failed ? null : at(0), answer_heard_at: failed ? null : new Date(clock.nowMs() - 900), duration_seconds: failed ? 0 : 60, cost_paise: failed ? 0 : 500 });
      await database.db
        .insertInto("outcomes")
        .values({ contact_id: who, account_id: account, campaign_id: campaign, attempt_id: attempt, disposition, failure_class: failed ? "callee" : null, attempts: 1, recorded_at: at(1) })
        .execute();
      if (!failed) await rows.conversation(attempt, { turn_latencies: JSON.stringify([{ endOfTurnMs: null, firstWordMs: null, firstSoundMs: null, replyMs: 400 + tail }]), first_sound_ms: 120, started_at: at(0) });
    };
    await outcome(10, "promise_to_pay", false);
    await outcome(11, "promise_to_pay", false);
    await outcome(12, "busy", true);
    await outcome(13, "invalid_number", true);
    const report = await campaignReport({ db: database.db }, { accountId: account, campaignId: campaign });
    expect(report).toMatchObject({
      contacts_called: 4,
      contacts_reached: 2,
      connect_rate: 0.667,
      latency: { turns: 2, reply_p50_ms: 410, reply_p95_ms: 411, greeting_p50_ms: 1_020 },
      cost: { total_inr: 10, per_reached_inr: 5, talk_minutes: 2 },
      by_hour: [{ hour: 11, attempts: 4, answered: 2, cost_inr: 10 }],
    });
  });

  test("an empty campaign has a report too", async () => {
    expect(await campaignReport({ db: database.db }, { accountId: account, campaignId: campaign })).toMatchObject({ connect_rate: null, attempts: 0, latency: { turns: 0, reply_p50_ms: null } });
  });

  test("a foreign account is told that there is no such campaign", async () => {
    const stranger = await rows.account("Somebody else");
    await expect(progress({ db: database.db }, { accountId: stranger, campaignId: campaign })).rejects.toMatchObject({ status: 404 });
    await expect(campaignReport({ db: database.db }, { accountId: stranger, campaignId: campaign })).rejects.toMatchObject({ status: 404 });
  });
});
