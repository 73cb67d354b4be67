import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemRandom } from "../../src/adapters/system/random.ts";
import { openDatabase } from "../../src/db/database.ts";
import type { AccountId, CampaignId, ContactId } from "../../src/domain/ids.ts";
import type { Vault } from "../../src/domain/vault.ts";
import type { HoldKind } from "../../src/outcome/ports.ts";
import { reviseOutcome } from "../../src/outcome/revise-outcome.ts";
import { type OutcomeDeps, settleAttempt } from "../../src/outcome/settle-attempt.ts";
import { settleSweep } from "../../src/outcome/settle-sweep.ts";
import { type ManualClock, manualClock } from "../support/clock.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";
import { rowWriter, testDefinition, testNumber } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";

describe("settling an attempt", () => {
  let database: TestDatabase;
  let vault: Vault;
  let clock: ManualClock;
  let rows: ReturnType<typeof rowWriter>;
  let account: AccountId;
  let campaign: CampaignId;
  let deps: OutcomeDeps;
  let optOuts: string[];
  let holds: HoldKind[];
  let tail = 0;

  beforeAll(async () => {
    database = await testDatabase();
    vault = testVault(database.db);
  });
  afterAll(() => database.close());

  beforeEach(async () => {
    clock = manualClock("2026-12-01T11:00");
    rows = rowWriter(database.db, clock, vault);
    account = await rows.account();
    campaign = await rows.campaign(account, {
      definitionSource: testDefinition({ dispositions: { promise_to_pay: { fields: { amount: "money", date: "date" } }, dispute: { then: "hold" } } }),
    });
    optOuts = [];
    holds = [];
    deps = {
      db: database.db,
      clock,
      random: systemRandom,
      vault,
      log: silentLog,
      prices: {
        carrierPerMinutePaise: 420,
        transcriberPerMinutePaise: 65,
        voicePerThousandCharactersPaise: 900,
        brainPerMillionInputTokensPaise: 1_800,
        brainPerMillionOutputTokensPaise: 10_500,
      },
      protection: {
        optOut: async ({ attemptId }) => void optOuts.push(attemptId),
        hold: async ({ kind }) => void holds.push(kind),
      },
    };
  });

  const contact = () => rows.contact(account, campaign, testNumber(++tail), { state: "planned", next_attempt_at: null });
  const stateOf = (id: ContactId) => database.db.selectFrom("contacts").where("id", "=", id).selectAll().executeTakeFirstOrThrow();
  const outcomeOf = (id: ContactId) => database.db.selectFrom("outcomes").where("contact_id", "=", id).selectAll().executeTakeFirst();
  const minutesAgo = (minutes: number) => new Date(clock.nowMs() - minutes * 60_000);

  test("writes what the person said, word for word, and finishes the contact", async () => {
    const who = await contact();
    const attempt = await rows.attempt(who, { state: "ended", ending: "completed", sent_at: minutesAgo(2), ended_at: minutesAgo(0), duration_seconds: 61 });
    await rows.conversation(attempt, {
      disposition: "promise_to_pay",
      fields: { amount: 450_000, date: "2026-12-05" },
      turns: [{ speaker: "callee", text: "I will pay 4500 rupees on 5 December", startedAtMs: 0, endedAtMs: 1 }],
    });
    expect(await settleAttempt(deps, { attemptId: attempt })).toBe(true);
    const outcome = await outcomeOf(who);
    const account_ = await vault.forAccount(account);
    expect(JSON.parse(account_.open("outcomes.fields", who, outcome?.fields_sealed ?? Buffer.alloc(0)))).toEqual({ amount: 450_000, date: "2026-12-05" });
    expect(outcome).toMatchObject({ disposition: "promise_to_pay", attempts: 1, cost_paise: 840, revision: 1 });
    expect(await stateOf(who)).toMatchObject({ state: "done", attempts: 1, next_attempt_at: null });
  });

  test("does it once, however many ask at the same time", async () => {
    const who = await contact();
    const attempt = await rows.attempt(who, { state: "ended", ending: "busy", sent_at: minutesAgo(1), ended_at: minutesAgo(0) });
    const answers = await Promise.all(Array.from({ length: 8 }, () => settleAttempt(deps, { attemptId: attempt })));
    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await outcomeOf(who)).toMatchObject({ disposition: "busy", revision: 1 });
    const events = await database.db.selectFrom("webhook_events").where("subject_id", "=", attempt).select("type").execute();
    expect(events).toEqual([{ type: "call.ended" }]);
  });

  test("waits for the conversation to be written down, and gives up on one that never comes", async () => {
    const who = await contact();
    const attempt = await rows.attempt(who, { state: "ended", ending: "completed", stream_opened_at: minutesAgo(1), ended_at: minutesAgo(0) });
    expect(await settleAttempt(deps, { attemptId: attempt })).toBe(false);
    clock.advance(130_000);
    expect(await settleSweep(deps)).toMatchObject({ settled: 1 });
    expect(await outcomeOf(who)).toMatchObject({ disposition: "technical_failure", failure_class: "platform" });
  });

  test("a conversation whose line was lost is no end while the call lasts; it counts, once, when the call ends before it comes back", async () => {
    const who = await contact();
    const attempt = await rows.attempt(who, { state: "in_progress", sent_at: minutesAgo(1), stream_opened_at: minutesAgo(1) });
    await rows.conversation(attempt, { end_reason: "line_lost", turns: [{ speaker: "callee", text: "haan boliye", startedAtMs: 0, endedAtMs: 1 }] });
    expect(await settleAttempt(deps, { attemptId: attempt })).toBe(false);
    await database.db.updateTable("attempts").set({ state: "ended", ending: "completed", ended_at: minutesAgo(0) }).where("id", "=", attempt).execute();
    const answers = [await settleAttempt(deps, { attemptId: attempt }), await settleAttempt(deps, { attemptId: attempt })];
    expect(answers).toEqual([true, false]);
    expect(await outcomeOf(who)).toMatchObject({ disposition: "technical_failure", revision: 1 });
  });

  test("a call that ends while its conversation goes on in a new stream is settled by that, not by the loss", async () => {
    const who = await contact();
    const attempt = await rows.attempt(who, { state: "ended", ending: "completed", sent_at: minutesAgo(1), ended_at: minutesAgo(0), stream_opened_at: minutesAgo(1) });
    await rows.conversation(attempt, { ended_at: null, end_reason: null });
    expect(await settleAttempt(deps, { attemptId: attempt })).toBe(false);
    await database.db.updateTable("conversations").set({ ended_at: minutesAgo(0), end_reason: "agent_goodbye", disposition: "promise_to_pay" }).where("attempt_id", "=", attempt).execute();
    expect(await settleAttempt(deps, { attemptId: attempt })).toBe(true);
    expect(await outcomeOf(who)).toMatchObject({ disposition: "promise_to_pay", revision: 1 });
  });

  test("plans the retry of a contact that was busy, and leaves a contact in peace when the plan ends", async () => {
    const who = await contact();
    const first = await rows.attempt(who, { state: "ended", ending: "busy", sent_at: minutesAgo(1), ended_at: minutesAgo(0) });
    await settleAttempt(deps, { attemptId: first });
    expect(await stateOf(who)).toMatchObject({ state: "waiting", due_class: "retry", next_attempt_at: new Date(clock.nowMs() + 600_000) });
    await database.db.updateTable("contacts").set({ state: "planned", next_attempt_at: null }).where("id", "=", who).execute();
    for (let again = 0; again < 3; again++) {
      const next = await rows.attempt(who, { state: "ended", ending: "busy", sent_at: minutesAgo(1), ended_at: minutesAgo(0) });
      await settleAttempt(deps, { attemptId: next });
      if ((await stateOf(who)).state === "waiting") await database.db.updateTable("contacts").set({ state: "planned", next_attempt_at: null }).where("id", "=", who).execute();
    }
    expect(await stateOf(who)).toMatchObject({ state: "exhausted", attempts: 4 });
    expect(await outcomeOf(who)).toMatchObject({ attempts: 4, revision: 4 });
  });

  test("reads the transcript once more for an opt-out that nobody noticed", async () => {
    const who = await contact();
    const attempt = await rows.attempt(who, { state: "ended", ending: "completed", ended_at: minutesAgo(0) });
    await rows.conversation(attempt, {
      disposition: "promise_to_pay",
      fields: { amount: 100, date: "2026-12-05" },
      turns: [{ speaker: "callee", text: "mujhe dobara call mat karna", startedAtMs: 0, endedAtMs: 1 }],
    });
    await settleAttempt(deps, { attemptId: attempt });
    expect(optOuts).toEqual([attempt]);
    expect(await outcomeOf(who)).toMatchObject({ disposition: "opted_out" });
  });

  test("a call that we ended is not called the person's doing, though its line just closed under the conversation", async () => {
    const endedBy = async (noted: "platform" | null) => {
      const who = await contact();
      const attempt = await rows.attempt(who, { state: "ended", ending: "completed", hangup_by: noted, sent_at: minutesAgo(2), ended_at: minutesAgo(0), duration_seconds: 20 });
      await rows.conversation(attempt, { end_reason: "callee_hung_up", hangup_by: "callee" });
      await settleAttempt(deps, { attemptId: attempt });
      return outcomeOf(who);
    };
    expect(await endedBy("platform")).toMatchObject({ hangup_by: "platform", disposition: "technical_failure", failure_class: "platform" });
    expect(await endedBy(null)).toMatchObject({ hangup_by: "callee", disposition: "abandoned", failure_class: "callee" });
  });

  test("a dispute holds the contact and collection from the number", async () => {
    const who = await contact();
    const attempt = await rows.attempt(who, { state: "ended", ending: "completed", ended_at: minutesAgo(0) });
    await rows.conversation(attempt, { disposition: "dispute" });
    await settleAttempt(deps, { attemptId: attempt });
    expect(holds).toEqual(["dispute"]);
    expect(await stateOf(who)).toMatchObject({ state: "held" });
  });

  test("protects the person before the attempt counts as settled: a protection that fails is asked again", async () => {
    const who = await contact();
    const attempt = await rows.attempt(who, { state: "ended", ending: "completed", ended_at: minutesAgo(0) });
    await rows.conversation(attempt, { disposition: "dispute" });
    let broken = true;
    const failing: OutcomeDeps = {
      ...deps,
      protection: {
        ...deps.protection,
        async hold({ kind }) {
          if (broken) throw new Error("the connection broke");
          holds.push(kind);
        },
      },
    };
    await expect(settleAttempt(failing, { attemptId: attempt })).rejects.toThrow("the connection broke");
    expect(await outcomeOf(who)).toBeUndefined();
    broken = false;
    expect(await settleSweep(failing)).toMatchObject({ settled: 1 });
    expect(holds).toEqual(["dispute"]);
    expect(await stateOf(who)).toMatchObject({ state: "held" });
  });

  test("an attempt that cannot be settled keeps no other back", async () => {
    const [first, second] = [await contact(), await contact()];
    const bad = await rows.attempt(first, { state: "ended", ending: "completed", ended_at: minutesAgo(0) });
    await rows.conversation(bad, { disposition: "hardship" });
    await rows.attempt(second, { state: "ended", ending: "busy", ended_at: minutesAgo(0) });
    const failing: OutcomeDeps = { ...deps, protection: { ...deps.protection, hold: () => Promise.reject(new Error("the connection broke")) } };
    await settleSweep(failing);
    expect(await outcomeOf(first)).toBeUndefined();
    expect(await outcomeOf(second)).toMatchObject({ disposition: "busy" });
    expect(await settleSweep(deps)).toMatchObject({ settled: 1 });
  });

  test("more attempts that cannot be settled than a sweep reads at once keep no other back", async () => {
    for (let count = 0; count < 3; count++) {
      const bad = await rows.attempt(await contact(), { state: "ended", ending: "completed", ended_at: minutesAgo(0) });
      await rows.conversation(bad, { disposition: "hardship" });
    }
    const last = await contact();
    await rows.attempt(last, { state: "ended", ending: "busy", ended_at: minutesAgo(0) });
    const failing: OutcomeDeps = { ...deps, protection: { ...deps.protection, hold: () => Promise.reject(new Error("the connection broke")) } };
    expect(await settleSweep(failing, { batch: 2 })).toMatchObject({ settled: 1 });
    expect(await outcomeOf(last)).toMatchObject({ disposition: "busy" });
    expect(await settleSweep(deps, { batch: 2 })).toMatchObject({ settled: 3 });
  });

  test("late facts are looked for in an index of what is late, not among all attempts", async () => {
    const client = await database.pool.connect();
    await client.query("begin; set local enable_seqscan = off");
    const { rows: plan } = await client.query<{ "QUERY PLAN": string }>(
      "explain select id from attempts where settled_at is not null and revision > coalesce(settled_revision, 0) order by id limit 200",
    );
    await client.query("rollback");
    client.release();
    expect(plan.map((line) => line["QUERY PLAN"]).join(" ")).toContain("attempts_revised");
  });

  test("keeps a promised callback at the instant the person named", async () => {
    const who = await contact();
    const attempt = await rows.attempt(who, { state: "ended", ending: "completed", ended_at: minutesAgo(0) });
    await rows.conversation(attempt, { disposition: "callback_requested", fields: { at: "2026-12-01T18:00:00+05:30" } });
    await settleAttempt(deps, { attemptId: attempt });
    expect(await stateOf(who)).toMatchObject({ state: "waiting", due_class: "callback", next_attempt_at: new Date("2026-12-01T18:00:00+05:30") });
  });

  test("takes in a late price without calling again, and says so once", async () => {
    const who = await contact();
    const attempt = await rows.attempt(who, { state: "ended", ending: "completed", ended_at: minutesAgo(0), duration_seconds: 30 });
    await rows.conversation(attempt, { disposition: "promise_to_pay", fields: { amount: 100, date: "2026-12-05" } });
    await settleAttempt(deps, { attemptId: attempt });
    await database.db.updateTable("attempts").set({ revision: 1, fold: JSON.stringify({ pricePaise: 555 }) }).where("id", "=", attempt).execute();
    await settleSweep(deps);
    await settleSweep(deps);
    expect(await outcomeOf(who)).toMatchObject({ cost_paise: 555, revision: 2, disposition: "promise_to_pay" });
    expect((await stateOf(who)).state).toBe("done");
    const updates = await database.db.selectFrom("webhook_events").where("subject_id", "=", attempt).where("type", "=", "call.updated").select("id").execute();
    expect(updates).toHaveLength(1);
  });

  test("tells endpoints in the names and forms of the exports: rupees and Indian time", async () => {
    const personalOf = async (event: { id: string; body_sealed: Buffer | null }) => JSON.parse((await vault.forAccount(account)).open("webhook_events.body", event.id, event.body_sealed ?? Buffer.alloc(0))) as unknown;
    const eventsOf = (attempt: string) => database.db.selectFrom("webhook_events").where("subject_id", "=", attempt).selectAll().orderBy("sequence").execute();
    const paying = await rows.attempt(await contact(), { state: "ended", ending: "completed", ended_at: minutesAgo(0), duration_seconds: 61 });
    await rows.conversation(paying, { disposition: "promise_to_pay", fields: { amount: 450_050, date: "2026-12-05" } });
    await settleAttempt(deps, { attemptId: paying });
    await database.db.updateTable("attempts").set({ revision: 1, fold: JSON.stringify({ pricePaise: 555 }) }).where("id", "=", paying).execute();
    await settleSweep(deps);
    const [ended, updated] = await eventsOf(paying);
    if (!ended || !updated) throw new Error("expected two events");
    expect(ended.body).toMatchObject({ cost_inr: 8.4, next_attempt_at: null });
    expect(await personalOf(ended)).toMatchObject({ disposition_fields: { amount: 4500.5, date: "2026-12-05" } });
    expect(updated.body).toMatchObject({ cost_inr: 5.55 });
    const busy = await rows.attempt(await contact(), { state: "ended", ending: "busy", sent_at: minutesAgo(1), ended_at: minutesAgo(0) });
    await settleAttempt(deps, { attemptId: busy });
    const [told] = await eventsOf(busy);
    expect(told?.body).toMatchObject({ next_attempt_at: "2026-12-01T11:10:00.000+05:30" });
    expect(JSON.stringify([ended.body, updated.body, told?.body])).not.toContain("paise");
  });

  test("a process that has just started settles and revises more attempts at once than it has connections", async () => {
    const started = openDatabase(database.url, { maxConnections: 2 });
    const attempts = await Promise.all(Array.from({ length: 6 }, async () => rows.attempt(await contact(), { state: "ended", ending: "busy", sent_at: minutesAgo(2), ended_at: minutesAgo(1) })));
    const asNew = (): OutcomeDeps => ({ ...deps, db: started.db, vault: testVault(started.db) });
    const settling = asNew();
    expect(await Promise.all(attempts.map((attemptId) => settleAttempt(settling, { attemptId })))).not.toContain(false);
    await database.db.updateTable("attempts").set({ revision: 1 }).where("id", "in", attempts).execute();
    const revising = asNew();
    expect(await Promise.all(attempts.map((attemptId) => reviseOutcome(revising, { attemptId })))).not.toContain(false);
    await started.close();
  });

  test("stores neither number nor words in the clear in its events", async () => {
    const who = await contact();
    const attempt = await rows.attempt(who, { state: "ended", ending: "completed", ended_at: minutesAgo(0) });
    await rows.conversation(attempt, { disposition: "promise_to_pay", fields: { amount: 123_456_700, date: "2026-12-05" } });
    await settleAttempt(deps, { attemptId: attempt });
    const events = await database.db.selectFrom("webhook_events").where("account_id", "=", account).select("body").execute();
    expect(JSON.stringify(events)).not.toMatch(/\+91|1234567/);
  });
});
