import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { AccountId, CampaignId } from "../../src/domain/ids.ts";
import { planTick } from "../../src/schedule/plan-tick.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { addAccount, addCampaign, addContacts, emptyLists, reminder } from "./list-fixture.ts";
import { type PlannerWorld, plannerWorld } from "./planner-fixture.ts";

let database: TestDatabase;
let account: AccountId;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await emptyLists(database.db);
  account = await addAccount(database.db);
});

async function states(table: "contacts" | "attempts", campaign: CampaignId): Promise<Record<string, number>> {
  const { rows } = await sql<{ state: string; count: number }>`
    select state, count(*) from ${sql.table(table)} where campaign_id = ${campaign} group by state`.execute(database.db);
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
}

async function reasons(campaign: CampaignId) {
  const { reasons: written } = await database.db.selectFrom("campaign_notes").where("campaign_id", "=", campaign).select("reasons").executeTakeFirstOrThrow();
  return written;
}

/** Lets the planned attempts end as refused, with their contacts done: the dialer and the outcome in one stroke. */
async function finishPlanned(): Promise<void> {
  await sql`update contacts set state = 'done', disposition = 'promised' where state = 'planned'`.execute(database.db);
  await sql`update attempts set state = 'refused' where state = 'planned'`.execute(database.db);
}

test("plans what pace allows for three seconds, oldest first, each with a token of its own, and announces it after committing", async () => {
  const campaign = await addCampaign(database.db, account, { definition: { ...reminder, limits: { cps: 2, concurrency: 50 } } });
  await addContacts(database.db, account, campaign, 4, { nextAttemptAt: new Date("2026-11-24T04:00:00Z") });
  await addContacts(database.db, account, campaign, 10, { nextAttemptAt: new Date("2026-11-24T05:00:00Z") });
  const world = plannerWorld(database);
  expect(await planTick(world)).toEqual({ led: true, planned: 6, reannounced: 0, finished: 0 });
  expect(await states("contacts", campaign)).toEqual({ waiting: 8, planned: 6 });
  const attempts = await database.db.selectFrom("attempts").innerJoin("contacts", "contacts.id", "attempts.contact_id").select(["attempts.id", "token", "next_attempt_at", "ordinal"]).execute();
  expect(attempts.filter((attempt) => attempt.next_attempt_at?.toISOString().startsWith("2026-11-24T04"))).toHaveLength(4);
  expect(new Set(attempts.map((attempt) => attempt.token)).size).toBe(6);
  expect(attempts.every((attempt) => /^[A-Za-z0-9_-]{22}$/.test(attempt.token) && attempt.ordinal === 1)).toBe(true);
  expect([...world.announced].sort()).toEqual(attempts.map((attempt) => attempt.id).sort());
  expect(await planTick(world)).toMatchObject({ planned: 0 });
});

test("announces promised callbacks before retries and those before fresh contacts, of each the longest due first", async () => {
  const campaign = await addCampaign(database.db, account, { definition: { ...reminder, limits: { cps: 5, concurrency: 50 } } });
  for (const [minute, dueClass] of [[1, "fresh"], [3, "retry"], [5, "callback"], [2, "callback"], [4, "retry"], [0, "fresh"]] as const) {
    await addContacts(database.db, account, campaign, 1, { dueClass, nextAttemptAt: new Date(Date.UTC(2026, 10, 24, 4, minute)) });
  }
  const world = plannerWorld(database);
  const inOrder = async () => {
    const rows = await database.db.selectFrom("attempts as a").innerJoin("contacts as c", "c.id", "a.contact_id").select(["a.id", "a.due_class", "c.next_attempt_at"]).execute();
    const rowOf = new Map(rows.map((row) => [row.id, row]));
    return world.announced.map((id) => `${rowOf.get(id)?.due_class} ${rowOf.get(id)?.next_attempt_at?.getUTCMinutes()}`);
  };
  await planTick(world);
  expect(await inOrder()).toEqual(["callback 2", "callback 5", "retry 3", "retry 4", "fresh 0", "fresh 1"]);

  // Nobody took them: they come again as they have waited.
  world.announced.length = 0;
  await sql`update attempts a set due_at = c.next_attempt_at, announced_at = null from contacts c where c.id = a.contact_id`.execute(database.db);
  await planTick(world);
  expect(await inOrder()).toEqual(["fresh 0", "fresh 1", "callback 2", "retry 3", "retry 4", "callback 5"]);
});

test("plans past attempts that lie with a process that died, up to three times as many, and nobody is planned twice", async () => {
  const campaign = await addCampaign(database.db, account, { definition: { ...reminder, limits: { cps: 2, concurrency: 50 } } });
  await addContacts(database.db, account, campaign, 40);
  const world = plannerWorld(database);
  expect(await planTick(world)).toMatchObject({ planned: 6 });
  world.clock.advance(3_900);
  expect(await planTick(world), "they may still be waiting for their turn").toMatchObject({ planned: 0 });
  for (const planned of [6, 6, 6, 0]) {
    world.clock.advance(4_300);
    expect(await planTick(world)).toMatchObject({ planned });
  }
  expect(await states("attempts", campaign)).toEqual({ planned: 24 });
  expect(await states("contacts", campaign)).toEqual({ planned: 24, waiting: 16 });
  expect(await reasons(campaign), "its pace, not what it would need slots for").toEqual([{ reason: "pace", contacts: 16, until: null }]);
});

test("a slow campaign's attempts are not taken for lost while they wait as long as its pace asks", async () => {
  const campaign = await addCampaign(database.db, account, { definition: { ...reminder, limits: { cps: 0.4, concurrency: 50 } } });
  await addContacts(database.db, account, campaign, 10);
  const world = plannerWorld(database);
  expect(await planTick(world)).toMatchObject({ planned: 2 });
  world.clock.advance(6_900);
  expect(await planTick(world)).toMatchObject({ planned: 0 });
  world.clock.advance(200);
  expect(await planTick(world)).toMatchObject({ planned: 2 });
});

test("an announcement the queue lost is made again after ten seconds, and no sooner", async () => {
  const campaign = await addCampaign(database.db, account);
  await addContacts(database.db, account, campaign, 3);
  const world = plannerWorld(database);
  world.queueDown.now = true;
  await planTick(world);
  expect(world.announced).toEqual([]);
  expect(world.log.sentences("warn")).toEqual(["could not announce planned attempts; they will be announced again"]);
  world.queueDown.now = false;
  world.clock.advance(9_000);
  expect(await planTick(world)).toMatchObject({ reannounced: 0 });
  world.clock.advance(2_000);
  expect(await planTick(world)).toMatchObject({ reannounced: 3 });
  expect(world.announced).toHaveLength(3);
});

test("sixteen planners at once plan each contact once", async () => {
  const campaign = await addCampaign(database.db, account, { definition: { ...reminder, limits: { cps: 100, concurrency: 1_000 } } });
  await addContacts(database.db, account, campaign, 200);
  const worlds = Array.from({ length: 16 }, () => plannerWorld(database, { capacity: { callsPerSecond: 20 } }));
  for (let round = 0; round < 6; round += 1) {
    const reports = await Promise.all(worlds.map((world) => planTick(world)));
    expect(reports.reduce((sum, report) => sum + report.planned, 0)).toBeLessThanOrEqual(60);
    await finishPlanned();
  }
  const { rows } = await sql<{ attempts: number; contacts: number }>`select count(*) as attempts, count(distinct contact_id) as contacts from attempts`.execute(database.db);
  expect(rows[0]).toEqual({ attempts: 200, contacts: 200 });
});

test("a cancelled campaign that waits for the end of a call does not keep others from being wound down", async () => {
  const [talking, other] = [await addCampaign(database.db, account, { state: "cancelled" }), await addCampaign(database.db, account, { state: "cancelled" })];
  await addContacts(database.db, account, talking, 1, { state: "planned" });
  await addContacts(database.db, account, talking, 2);
  await addContacts(database.db, account, other, 3);
  const world = plannerWorld(database);
  const finished = async () => (await database.db.selectFrom("campaigns").where("finished_at", "is not", null).select("id").execute()).map(({ id }) => id);
  for (let tick = 0; tick < 3; tick += 1) await planTick(world);
  expect(await states("contacts", talking)).toEqual({ planned: 1, cancelled: 2 });
  expect(await states("contacts", other)).toEqual({ cancelled: 3 });
  expect(await finished()).toEqual([other]);
  await sql`update contacts set state = 'done', disposition = 'promised' where state = 'planned'`.execute(database.db);
  await planTick(world);
  expect((await finished()).sort()).toEqual([talking, other].sort());
});

test("outside the window nothing is planned, nothing is moved, and the note says when it opens", async () => {
  const campaign = await addCampaign(database.db, account, { definition: { ...reminder, window: { from: "10:00", to: "18:00" } } });
  await addContacts(database.db, account, campaign, 5);
  const world = plannerWorld(database, { at: "2026-11-24T18:00" });
  expect(await planTick(world)).toMatchObject({ planned: 0 });
  expect(await reasons(campaign)).toMatchObject([{ reason: "window", contacts: 5, until: "2026-11-25T10:00:00.000+05:30" }]);
  world.clock.advanceTo("2026-11-25T10:00");
  expect(await planTick(world)).toMatchObject({ planned: 5 });
  expect(await reasons(campaign)).toEqual([]);
});

test("the note names slots, pace, other campaigns, retries and callbacks with their counts and instants", async () => {
  const slow = await addCampaign(database.db, account, { definition: { ...reminder, limits: { cps: 1, concurrency: 50 } } });
  const narrow = await addCampaign(database.db, account, { definition: { ...reminder, limits: { cps: 50, concurrency: 2 } } });
  await addContacts(database.db, account, slow, 100);
  await addContacts(database.db, account, slow, 4, { dueClass: "retry", waitingBecause: "retry_after_busy", nextAttemptAt: new Date("2026-11-24T06:30:00Z") });
  await addContacts(database.db, account, slow, 2, { dueClass: "callback", waitingBecause: "callback_promised", nextAttemptAt: new Date("2026-11-24T12:30:00Z") });
  await addContacts(database.db, account, slow, 1, { waitingBecause: "cap_per_day", nextAttemptAt: new Date("2026-11-24T18:30:00Z") });
  await addContacts(database.db, account, narrow, 30);
  await planTick(plannerWorld(database));
  expect(await reasons(slow)).toEqual([
    { reason: "callback_promised", contacts: 2, until: "2026-11-24T18:00:00.000+05:30" },
    { reason: "retry_wait", contacts: 4, until: "2026-11-24T12:00:00.000+05:30" },
    { reason: "cap", contacts: 1, until: "2026-11-25T00:00:00.000+05:30" },
    { reason: "pace", contacts: 97, until: null },
  ]);
  expect(await reasons(narrow)).toEqual([{ reason: "slots", contacts: 28, until: null }]);
});

test("when the deployment is full the note says that other campaigns are being dialed", async () => {
  const first = await addCampaign(database.db, account);
  const second = await addCampaign(database.db, account);
  for (const campaign of [first, second]) await addContacts(database.db, account, campaign, 10);
  await planTick(plannerWorld(database, { capacity: { callsPerSecond: 1, concurrentCalls: 10 } }));
  const planned = async (campaign: CampaignId): Promise<number> => (await states("contacts", campaign))["planned"] ?? 0;
  expect([await planned(first), await planned(second)].sort()).toEqual([1, 2]);
  const [lesser] = (await planned(first)) === 1 ? [first] : [second];
  expect(await reasons(lesser)).toEqual([{ reason: "other_campaigns", contacts: 9, until: null }]);
});

test("a campaign that has the deployment to itself is told which of its limits is reached, not that others are in the way", async () => {
  const only = await addCampaign(database.db, account);
  await addContacts(database.db, account, only, 10);
  await planTick(plannerWorld(database, { capacity: { callsPerSecond: 1, concurrentCalls: 10 } }));
  expect(await reasons(only)).toEqual([{ reason: "pace", contacts: 7, until: null }]);
});

test("a budget that a further call could break, a breaker, a resting caller number and a stopped account each stop planning and are named", async () => {
  const poor = await addCampaign(database.db, account, { definition: { ...reminder, limits: { budget_inr: 40, max_call_seconds: 300 } } });
  const broken = await addCampaign(database.db, account);
  const resting = await addCampaign(database.db, account, { definition: { ...reminder, from_numbers: ["+14155550177"] } });
  const other = await addAccount(database.db);
  const stopped = await addCampaign(database.db, other);
  for (const campaign of [poor, broken, resting]) await addContacts(database.db, account, campaign, 3);
  await addContacts(database.db, other, stopped, 3);
  await sql`update accounts set state = 'stopped' where id = ${other}`.execute(database.db);
  await sql`insert into breakers (key, opened_at, until, cause) values (${`agent:${broken}`}, ${new Date(0)}, ${new Date("2026-11-24T06:00:00Z")}, 'agent_failing')`.execute(database.db);
  await sql`insert into caller_numbers (account_id, number, cooling_until, cooling_because) values (${account}, '+14155550177', ${new Date("2026-11-24T07:00:00Z")}, 'unanswered')`.execute(database.db);
  expect(await planTick(plannerWorld(database))).toMatchObject({ planned: 0 });
  expect(await reasons(poor)).toMatchObject([{ reason: "budget", contacts: 3, until: null, detail: expect.stringMatching(/ at most ₹\d+(?:\.\d\d)?$/) as string }]);
  expect(await reasons(broken)).toMatchObject([{ reason: "breaker", contacts: 3, until: "2026-11-24T11:30:00.000+05:30" }]);
  expect(await reasons(resting)).toMatchObject([{ reason: "no_caller_number", contacts: 3, until: "2026-11-24T12:30:00.000+05:30" }]);
  expect(await reasons(stopped)).toMatchObject([{ reason: "account_stopped", contacts: 3 }]);
});

test("a promotional campaign without a scrub of today waits for one, without touching a contact", async () => {
  const campaign = await addCampaign(database.db, account, { definition: { ...reminder, purpose: "promotional", preference_category: 5 } });
  await addContacts(database.db, account, campaign, 3);
  await planTick(plannerWorld(database));
  expect(await states("contacts", campaign)).toEqual({ waiting: 3 });
  expect(await reasons(campaign)).toContainEqual(expect.objectContaining({ reason: "missing_scrub", contacts: 3 }));
});

test("a list of which nobody waits finishes once, with an event; one without contacts or still importing does not", async () => {
  const over = await addCampaign(database.db, account);
  const empty = await addCampaign(database.db, account);
  const importing = await addCampaign(database.db, account);
  for (const campaign of [over, importing]) await addContacts(database.db, account, campaign, 2, { state: "done", disposition: "promised" });
  await sql`insert into imports (id, account_id, campaign_id, state, on_duplicate, created_at) values (gen_random_uuid(), ${account}, ${importing}, 'running', 'reject', ${new Date(0)})`.execute(database.db);
  const world = plannerWorld(database);
  expect(await planTick(world)).toMatchObject({ finished: 1 });
  expect(await planTick(world)).toMatchObject({ finished: 0 });
  const rows = await database.db.selectFrom("campaigns").select(["id", "state", "finished_at"]).execute();
  expect(Object.fromEntries(rows.map((row) => [row.id, row.state]))).toEqual({ [over]: "finished", [empty]: "running", [importing]: "running" });
  expect(await database.db.selectFrom("webhook_events").select(["type", "subject_id"]).execute()).toEqual([{ type: "campaign.finished", subject_id: over }]);
  expect(await reasons(empty)).toEqual([{ reason: "no_contacts", contacts: 0, until: null }]);
});

test("planned attempts that nobody takes for half a minute are named as a queue that stands still", async () => {
  const campaign = await addCampaign(database.db, account);
  await addContacts(database.db, account, campaign, 3);
  const world: PlannerWorld = plannerWorld(database);
  await planTick(world);
  world.clock.advance(31_000);
  await planTick(world);
  expect(await reasons(campaign)).toMatchObject([{ reason: "queue", contacts: 3 }]);
});

test("a contact whose attempt is still under way is not planned a second time, whatever its own row says", async () => {
  const campaign = await addCampaign(database.db, account);
  await addContacts(database.db, account, campaign, 2);
  const world = plannerWorld(database);
  await planTick(world);
  await sql`update contacts set state = 'waiting' where campaign_id = ${campaign}`.execute(database.db);
  expect(await planTick(world)).toMatchObject({ planned: 0 });
});

test("the note is written anew now and then although nothing changes, so that a silent planner can be told from an idle one", async () => {
  const campaign = await addCampaign(database.db, account, { definition: { ...reminder, window: { from: "10:00", to: "18:00" } } });
  await addContacts(database.db, account, campaign, 1);
  const world = plannerWorld(database, { at: "2026-11-24T20:00" });
  const notedAt = async (): Promise<number> =>
    (await database.db.selectFrom("campaign_notes").where("campaign_id", "=", campaign).select("noted_at").executeTakeFirstOrThrow()).noted_at.getTime();
  await planTick(world);
  const first = await notedAt();
  world.clock.advance(5_000);
  await planTick(world);
  expect(await notedAt()).toBe(first);
  world.clock.advance(20_000);
  await planTick(world);
  expect(await notedAt()).toBe(world.clock.nowMs());
});

test("attempts that the gate puts off give their places back: their contacts wait with the reason, and others are planned", async () => {
  const full = await addCampaign(database.db, account, { definition: { ...reminder, limits: { cps: 1, concurrency: 50 } } });
  await addContacts(database.db, account, full, 10);
  const world = plannerWorld(database, { capacity: { callsPerSecond: 1 } });
  expect(await planTick(world)).toMatchObject({ planned: 3 });
  const until = new Date(world.clock.nowMs() + 300_000);
  await sql`update attempts set due_at = ${until}, refusal_code = 'campaign_budget', announced_at = null`.execute(database.db);
  expect(await planTick(world)).toMatchObject({ planned: 3, reannounced: 0 });
  const waiting = await database.db.selectFrom("contacts").where("waiting_because", "=", "campaign_budget").select(["state", "next_attempt_at"]).execute();
  expect(waiting).toEqual(Array.from({ length: 3 }, () => ({ state: "waiting", next_attempt_at: until })));
  await planTick(world);
  expect(await reasons(full)).toContainEqual(expect.objectContaining({ reason: "budget", contacts: 3, until: "2026-11-24T11:05:00.000+05:30" }));
});

test("an attempt put off for a moment keeps its place and is announced again when the moment has come", async () => {
  const campaign = await addCampaign(database.db, account);
  await addContacts(database.db, account, campaign, 1);
  const world = plannerWorld(database);
  await planTick(world);
  await sql`update attempts set due_at = ${new Date(world.clock.nowMs() + 1_500)}, refusal_code = 'slots', announced_at = null`.execute(database.db);
  expect(await planTick(world)).toMatchObject({ reannounced: 0 });
  world.clock.advance(2_000);
  expect(await planTick(world)).toMatchObject({ reannounced: 1 });
});

test("while the arm of one list is open the campaign's other lists are dialed, and the note says which are not", async () => {
  const campaign = await addCampaign(database.db, account, { definition: { ...reminder, limits: { cps: 1, concurrency: 50 } } });
  await addContacts(database.db, account, campaign, 20);
  const { rows } = await sql<{ id: string }>`insert into imports (id, account_id, campaign_id, state, on_duplicate, accepted, created_at)
    values (gen_random_uuid(), ${account}, ${campaign}, 'done', 'reject', 20, ${new Date(0)}) returning id`.execute(database.db);
  const failing = rows[0]?.id ?? "";
  await sql`update contacts set import_id = ${failing}`.execute(database.db);
  await addContacts(database.db, account, campaign, 2, { nextAttemptAt: new Date("2026-11-24T05:00:00Z") });
  await sql`insert into breakers (key, opened_at, until, cause) values (${`segment:${failing}`}, ${new Date(0)}, ${new Date("2026-11-24T06:00:00Z")}, 'numbers_invalid')`.execute(database.db);
  expect(await planTick(plannerWorld(database))).toMatchObject({ planned: 2 });
  const planned = await database.db.selectFrom("contacts").where("state", "=", "planned").select("import_id").execute();
  expect(planned).toEqual([{ import_id: null }, { import_id: null }]);
  expect(await reasons(campaign)).toContainEqual(expect.objectContaining({ reason: "breaker", contacts: 20, until: "2026-11-24T11:30:00.000+05:30" }));
});
