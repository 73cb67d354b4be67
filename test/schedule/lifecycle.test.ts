import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Refusal } from "../../src/domain/errors.ts";
import type { AccountId, CampaignId } from "../../src/domain/ids.ts";
import { cancelCall } from "../../src/schedule/cancel-call.ts";
import { createCampaign } from "../../src/schedule/create-campaign.ts";
import { patchCampaign } from "../../src/schedule/patch-campaign.ts";
import { planTick } from "../../src/schedule/plan-tick.ts";
import { redialUnreached } from "../../src/schedule/redial-unreached.ts";
import { listCampaigns, showCampaign } from "../../src/schedule/show-campaigns.ts";
import { singleCallCampaign } from "../../src/schedule/single-call-campaign.ts";
import { startCampaign } from "../../src/schedule/start-campaign.ts";
import { cancelCampaign, pauseCampaign, pauseForCause, resumeCampaign } from "../../src/schedule/stop-campaign.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { type LifecycleWorld, lifecycleWorld, vouched } from "./lifecycle-fixture.ts";
import { addAccount, addCampaign, addContacts, emptyLists, reminder } from "./list-fixture.ts";

let database: TestDatabase;
let accountId: AccountId;
let world: LifecycleWorld;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await emptyLists(database.db);
  accountId = await addAccount(database.db);
  world = lifecycleWorld(database);
});

async function refusal(work: Promise<unknown>): Promise<Refusal> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Refusal) return error;
  throw new Error("expected a refusal");
}

async function contactStates(campaignId: CampaignId): Promise<Record<string, number>> {
  const { rows } = await sql<{ state: string; count: number }>`select state, count(*) from contacts where campaign_id = ${campaignId} group by 1`.execute(database.db);
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
}

test("a campaign is made from a template with overrides, which merge into it, and is a draft", async () => {
  const view = await createCampaign(world, { accountId, template: "reminder", name: "March", overrides: { limits: { cps: 3 }, retry: null } });
  expect(view).toMatchObject({ state: "draft", name: "March", template: "reminder", created_at: "2026-11-24T11:00:00.000+05:30" });
  expect(view.definition).toMatchObject({ limits: { attempts: 3, concurrency: 20, cps: 3 }, purpose: "reminder" });
  expect(view.definition.retry).toBeUndefined();
  expect(await showCampaign(world, { accountId, campaignId: view.id })).toEqual(view);
});

test("a definition with problems is refused with the path of each of them, and nothing is written", async () => {
  const definition = {
    ...reminder,
    limts: { cps: 1 },
    window: { from: "10:00", to: "25:00" },
    retry: { no_answer: ["soon"] },
  };
  const wrong = await refusal(createCampaign(world, { accountId, definition }));
  expect(wrong).toMatchObject({ status: 422, code: "invalid_definition" });
  expect(wrong.errors.map((error) => error.path).sort()).toEqual(["limts", "retry.no_answer.0", "window.to"]);
  const contradictory = await refusal(
    createCampaign(world, {
      accountId,
      definition: {
        ...reminder,
        variables: { due: { type: "money", sensitive: true } },
        agent: { persona: "p", greeting: { "en-IN": "You owe {{due}}, {{nam}}" } },
        verify: { ask: ["birth_year"] },
        window: { from: "18:00", to: "10:00" },
        voicemail: "leave_message",
      },
    }),
  );
  expect(contradictory.errors.map((error) => error.path)).toEqual(["agent.greeting.en-IN", "agent.greeting.en-IN", "verify.ask", "window", "voicemail_message"]);
  expect(await refusal(createCampaign(world, { accountId, template: "../secrets" }))).toMatchObject({ code: "unknown_template", extra: { templates: ["reminder"] } });
  expect(await refusal(createCampaign(world, { accountId }))).toMatchObject({ code: "definition_or_template" });
  expect((await listCampaigns(world, { accountId, limit: 10 })).items).toEqual([]);
});

test("start is refused with the papers that are missing, and goes through once the operator vouches for them", async () => {
  const { id: campaignId } = await createCampaign(world, { accountId, template: "reminder" });
  await addContacts(database.db, accountId, campaignId, 2);
  const refused = await refusal(startCampaign(world, { accountId, campaignId }));
  expect(refused).toMatchObject({ status: 409, code: "papers_missing" });
  const missing = refused.extra["missing"] as { code: string; acknowledgeable: boolean }[];
  expect(missing.map((paper) => paper.code)).toEqual(["no_sender_registration", "no_a2p_declaration", "foreign_caller_number"]);
  expect(await refusal(startCampaign(world, { accountId, campaignId, acknowledge: ["suppressed"] }))).toMatchObject({ status: 422, code: "cannot_acknowledge" });
  expect((await showCampaign(world, { accountId, campaignId })).state).toBe("draft");

  const started = await startCampaign(world, { accountId, campaignId, acknowledge: vouched });
  expect(started).toMatchObject({ state: "running", started_at: "2026-11-24T11:00:00.000+05:30" });
  expect([...started.acknowledged].sort()).toEqual([...vouched].sort());
  expect(world.scrubbed).toContain(campaignId);
  expect(await startCampaign(world, { accountId, campaignId })).toEqual(started);
});

test("the environment vouches for every start; a promotional campaign without a scrub cannot be vouched for at all", async () => {
  const vouching = lifecycleWorld(database, { acknowledged: ["foreign_caller_number", "no_sender_registration", "no_a2p_declaration", "no_series_for_sector"] });
  const { id: campaignId } = await createCampaign(vouching, { accountId, template: "reminder" });
  await addContacts(database.db, accountId, campaignId, 1);
  expect(await startCampaign(vouching, { accountId, campaignId })).toMatchObject({ state: "running", acknowledged: [] });
  const { id: promotion } = await createCampaign(vouching, { accountId, template: "reminder", overrides: { purpose: "promotional", preference_category: 5 } });
  await addContacts(database.db, accountId, promotion, 1);
  const refused = await refusal(startCampaign(vouching, { accountId, campaignId: promotion }));
  expect(refused.extra["missing"]).toMatchObject([{ code: "scrub_run_missing", acknowledgeable: false }]);
});

test("a campaign without contacts, or with a list still coming in, does not start", async () => {
  const { id: campaignId } = await createCampaign(world, { accountId, template: "reminder" });
  expect(await refusal(startCampaign(world, { accountId, campaignId, acknowledge: vouched }))).toMatchObject({ status: 409, code: "no_contacts" });
  await sql`insert into imports (id, account_id, campaign_id, state, on_duplicate, created_at) values (gen_random_uuid(), ${accountId}, ${campaignId}, 'running', 'reject', ${new Date(0)})`.execute(database.db);
  expect(await refusal(startCampaign(world, { accountId, campaignId, acknowledge: vouched }))).toMatchObject({ status: 409, code: "import_running", retryable: true });
});

test("limits, window and weight change while a campaign runs; the rest of the definition only in a draft", async () => {
  const campaignId = await addCampaign(database.db, accountId);
  const changed = await patchCampaign(world, { accountId, campaignId, patch: { weight: 5, limits: { cps: 9, attempts: null }, window: { from: "11:00", to: "15:00" } } });
  expect(changed).toMatchObject({ weight: 5, definition: { limits: { cps: 9, concurrency: 20 }, window: { from: "11:00", to: "15:00" } } });
  expect(changed.definition.limits).not.toHaveProperty("attempts");
  expect((await patchCampaign(world, { accountId, campaignId, patch: { window: null } })).definition).not.toHaveProperty("window");
  expect(await refusal(patchCampaign(world, { accountId, campaignId, patch: { overrides: { purpose: "collection" } } }))).toMatchObject({ status: 409, code: "wrong_state" });
  expect(await refusal(patchCampaign(world, { accountId, campaignId, patch: { limits: { cps: -1 } } }))).toMatchObject({ status: 422, code: "invalid_definition" });
  expect(await refusal(patchCampaign(world, { accountId, campaignId, patch: { state: "finished" } }))).toMatchObject({ status: 422, code: "invalid_patch" });
  const draft = await addCampaign(database.db, accountId, { state: "draft" });
  expect((await patchCampaign(world, { accountId, campaignId: draft, patch: { overrides: { purpose: "collection" } } })).definition.purpose).toBe("collection");
});

test("pause takes back what was planned at once and cancels what waits at the carrier; resume goes on with the same contacts", async () => {
  const campaignId = await addCampaign(database.db, accountId);
  await addContacts(database.db, accountId, campaignId, 20);
  await planTick(world.planner);
  await sql`update attempts set state = 'sending' where id in (select id from attempts limit 1)`.execute(database.db);
  const paused = await pauseCampaign(world, { accountId, campaignId });
  expect(paused).toMatchObject({ state: "paused", paused_because: "operator" });
  expect(await contactStates(campaignId)).toEqual({ waiting: 19, planned: 1 });
  const attempts = await database.db.selectFrom("attempts").select(["state", "refusal_code"]).where("state", "<>", "sending").execute();
  expect(new Set(attempts.map((attempt) => `${attempt.state} ${attempt.refusal_code}`))).toEqual(new Set(["refused campaign_paused"]));
  expect(world.cancelledAtCarrier).toEqual([campaignId]);
  expect(await planTick(world.planner)).toMatchObject({ planned: 0 });
  expect(await pauseCampaign(world, { accountId, campaignId })).toEqual(paused);
  expect(await resumeCampaign(world, { accountId, campaignId })).toMatchObject({ state: "running", paused_because: null });
  expect((await planTick(world.planner)).planned).toBeGreaterThan(0);
});

test("a pause holds although the carrier cannot be reached, and says so in the log", async () => {
  const broken = lifecycleWorld(database, { cancelQueuedCalls: () => Promise.reject(new Error("the carrier is away")) });
  const campaignId = await addCampaign(database.db, accountId);
  expect(await pauseCampaign(broken, { accountId, campaignId })).toMatchObject({ state: "paused" });
  expect(broken.log.sentences("error")).toEqual(["could not cancel calls queued at the carrier"]);
});

test("the platform pauses a campaign for a cause, which shows; one that does not run is left alone", async () => {
  const campaignId = await addCampaign(database.db, accountId);
  expect(await pauseForCause(world, { campaignId, because: "carrier_refused_21210" })).toBe(true);
  expect(await showCampaign(world, { accountId, campaignId })).toMatchObject({ state: "paused", paused_because: "carrier_refused_21210" });
  expect(await pauseForCause(world, { campaignId, because: "again" })).toBe(false);
});

test("an attempt that falls back to planned after a pause is taken back by the next tick", async () => {
  const campaignId = await addCampaign(database.db, accountId);
  await addContacts(database.db, accountId, campaignId, 1);
  await planTick(world.planner);
  await sql`update attempts set state = 'claimed'`.execute(database.db);
  await pauseCampaign(world, { accountId, campaignId });
  await sql`update attempts set state = 'planned'`.execute(database.db);
  await planTick(world.planner);
  expect(await contactStates(campaignId)).toEqual({ waiting: 1 });
});

test("planning and pausing at the same time never leave a planned attempt behind", async () => {
  const campaignId = await addCampaign(database.db, accountId, { definition: { ...reminder, limits: { cps: 100, concurrency: 1_000 } } });
  await addContacts(database.db, accountId, campaignId, 400);
  for (let round = 0; round < 12; round += 1) {
    await Promise.all([planTick(world.planner), pauseCampaign(world, { accountId, campaignId })]);
    expect(await contactStates(campaignId)).toEqual({ waiting: 400 });
    await resumeCampaign(world, { accountId, campaignId });
  }
});

test("cancel is for good: everybody still to be called is taken back, a long list batch by batch, those blocked, reached or held for a person stay", async () => {
  const campaignId = await addCampaign(database.db, accountId);
  await addContacts(database.db, accountId, campaignId, 5_400);
  await addContacts(database.db, accountId, campaignId, 2, { state: "done", disposition: "promised" });
  await addContacts(database.db, accountId, campaignId, 3, { state: "blocked", blockedReason: "suppressed" });
  await addContacts(database.db, accountId, campaignId, 4, { state: "held", disposition: "dispute" });
  await planTick(world.planner);
  await cancelCampaign(world, { accountId, campaignId });
  expect((await contactStates(campaignId))["waiting"]).toBeLessThanOrEqual(400);
  await planTick(world.planner);
  expect(await contactStates(campaignId)).toEqual({ cancelled: 5_400, done: 2, blocked: 3, held: 4 });
  expect((await showCampaign(world, { accountId, campaignId })).finished_at).not.toBeNull();
  expect(await refusal(resumeCampaign(world, { accountId, campaignId }))).toMatchObject({ status: 409, code: "wrong_state", extra: { state: "cancelled" } });
  expect(await refusal(startCampaign(world, { accountId, campaignId }))).toMatchObject({ status: 409 });
});

test("redial calls the unreached of a finished campaign again, and nobody else", async () => {
  const campaignId = await addCampaign(database.db, accountId, { state: "finished" });
  await addContacts(database.db, accountId, campaignId, 4, { state: "exhausted", disposition: "no_answer" });
  await addContacts(database.db, accountId, campaignId, 1, { state: "exhausted", disposition: "invalid_number" });
  await addContacts(database.db, accountId, campaignId, 2, { state: "done", disposition: "promised" });
  await addContacts(database.db, accountId, campaignId, 2, { state: "blocked", blockedReason: "suppressed" });
  expect(await redialUnreached(world, { accountId, campaignId })).toMatchObject({ state: "running", redialed: 4, finished_at: null });
  expect(await contactStates(campaignId)).toEqual({ waiting: 4, exhausted: 1, done: 2, blocked: 2 });
  expect(world.scrubbed).toEqual([campaignId]);
  expect(await refusal(redialUnreached(world, { accountId, campaignId }))).toMatchObject({ code: "wrong_state" });
});

test("a redial whose process died after the contacts were taken back can be asked for again", async () => {
  const campaignId = await addCampaign(database.db, accountId, { state: "finished" });
  await addContacts(database.db, accountId, campaignId, 3, { state: "exhausted", disposition: "no_answer" });
  const dying = { ...world, scrub: () => Promise.reject(new Error("the process died")) };
  await expect(redialUnreached(dying, { accountId, campaignId })).rejects.toThrow("the process died");
  expect(await redialUnreached(world, { accountId, campaignId })).toMatchObject({ state: "running" });
  expect(await contactStates(campaignId)).toEqual({ waiting: 3 });
});

test("calls posted one by one share a standing campaign per template, made once however many ask at once", async () => {
  const vouching = lifecycleWorld(database, { acknowledged: ["foreign_caller_number", "no_sender_registration", "no_a2p_declaration"] });
  const made = await Promise.all(Array.from({ length: 5 }, () => singleCallCampaign(vouching, { accountId, template: "reminder" })));
  expect(new Set(made.map((campaign) => campaign.id)).size).toBe(1);
  expect(made[0]).toMatchObject({ kind: "single_calls", state: "running" });
  const changed = await singleCallCampaign(vouching, { accountId, template: "reminder", definition: { ...reminder, limits: { cps: 2 } } });
  expect(changed).toMatchObject({ id: made[0]?.id, definition: { limits: { cps: 2 } } });
  expect(await refusal(singleCallCampaign(world, { accountId, template: "reminder" }))).toMatchObject({ code: "papers_missing" });
});

test("the campaign for single calls is made anew after it was cancelled, and does not take limits that the next call would undo", async () => {
  const vouching = lifecycleWorld(database, { acknowledged: ["foreign_caller_number", "no_sender_registration", "no_a2p_declaration"] });
  const { id: campaignId } = await singleCallCampaign(vouching, { accountId, template: "reminder" });
  expect(await refusal(patchCampaign(world, { accountId, campaignId, patch: { limits: { budget_inr: 100 } } }))).toMatchObject({ status: 409, code: "follows_template" });
  expect(await refusal(patchCampaign(world, { accountId, campaignId, patch: { window: { from: "11:00", to: "12:00" } } }))).toMatchObject({ code: "follows_template" });
  expect(await patchCampaign(world, { accountId, campaignId, patch: { weight: 3 } })).toMatchObject({ weight: 3 });
  await cancelCampaign(world, { accountId, campaignId });
  const made = await Promise.all(Array.from({ length: 5 }, () => singleCallCampaign(vouching, { accountId, template: "reminder" })));
  expect(new Set(made.map((campaign) => campaign.id)).size).toBe(1);
  expect(made[0]?.id).not.toBe(campaignId);
  expect(made[0]).toMatchObject({ state: "running" });
});

test("one call is taken back while it waits or is planned, not once it is being made", async () => {
  const campaignId = await addCampaign(database.db, accountId);
  await addContacts(database.db, accountId, campaignId, 3);
  const ids = (await database.db.selectFrom("contacts").select("id").execute()).map((row) => row.id);
  const [waiting, planned, calling] = ids;
  if (!waiting || !planned || !calling) throw new Error("expected three contacts");
  expect(await cancelCall(world, { accountId, contactId: waiting })).toEqual({ id: waiting, state: "cancelled" });
  await planTick(world.planner);
  await sql`update attempts set state = 'dialed' where contact_id = ${calling}`.execute(database.db);
  expect(await cancelCall(world, { accountId, contactId: planned })).toEqual({ id: planned, state: "cancelled" });
  expect(await refusal(cancelCall(world, { accountId, contactId: calling }))).toMatchObject({ status: 409, code: "wrong_state" });
  expect(await cancelCall(world, { accountId, contactId: planned })).toEqual({ id: planned, state: "cancelled" });
});

test("another account's campaign and call are as unknown as none", async () => {
  const campaignId = await addCampaign(database.db, accountId);
  const stranger = await addAccount(database.db);
  const asStranger = { accountId: stranger, campaignId };
  for (const work of [showCampaign, pauseCampaign, resumeCampaign, cancelCampaign, startCampaign]) {
    expect(await refusal(work(world, asStranger))).toMatchObject({ status: 404, code: "campaign_not_found" });
  }
  expect(await refusal(showCampaign(world, { accountId, campaignId: "not-an-id" as CampaignId }))).toMatchObject({ status: 404 });
  expect(await refusal(patchCampaign(world, { ...asStranger, patch: { weight: 3 } }))).toMatchObject({ status: 404 });
});

test("the list of campaigns comes page by page, the newest first", async () => {
  const ids: CampaignId[] = [];
  for (let count = 0; count < 5; count += 1) {
    world.clock.advance(10);
    ids.push((await createCampaign(world, { accountId, template: "reminder" })).id);
  }
  const first = await listCampaigns(world, { accountId, limit: 3 });
  const second = await listCampaigns(world, { accountId, limit: 3, cursor: first.next ?? "" });
  expect([...first.items, ...second.items].map((campaign) => campaign.id)).toEqual(ids.reverse());
  expect(second.next).toBeNull();
});
