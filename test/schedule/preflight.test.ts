import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { DefinitionSource } from "../../src/domain/definition.ts";
import type { AccountId, CampaignId } from "../../src/domain/ids.ts";
import { preflight, type PreflightDeps } from "../../src/schedule/preflight.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { type LifecycleWorld, lifecycleWorld } from "./lifecycle-fixture.ts";
import { addAccount, addCampaign, addContacts, callPrices, emptyLists, reminder } from "./list-fixture.ts";
import { openVault } from "./planner-fixture.ts";

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

const definition: DefinitionSource = {
  ...reminder,
  agent: { persona: "p", greeting: { "en-IN": "Hello {{name}}, about order {{order_id}}", "hi-IN": "नमस्ते {{name}}" } },
  languages: ["en-IN", "hi-IN"],
  variables: { order_id: { type: "text" }, amount: { type: "money" } },
};

function deps(change: Partial<PreflightDeps> = {}): PreflightDeps {
  return { ...world, vault: openVault, capacity: { callsPerSecond: 1, concurrentCalls: 100 }, prices: callPrices, ...change };
}

async function fill(campaignId: CampaignId, values: { name?: string; variables?: Record<string, string> }): Promise<void> {
  await sql`
    update contacts set name_sealed = ${values.name === undefined ? null : Buffer.from(values.name)},
      variables_sealed = ${values.variables === undefined ? null : Buffer.from(JSON.stringify(values.variables))}
    where id in (select id from contacts where campaign_id = ${campaignId} and name_sealed is null and variables_sealed is null and state = 'waiting' limit 1)
  `.execute(database.db);
}

test("pre-flight scrubs, counts rows by reason, names missing papers, renders a greeting and forecasts calls, finish and cost", async () => {
  const campaignId = await addCampaign(database.db, accountId, { state: "draft", definition, acknowledged: ["no_sender_registration"] });
  await addContacts(database.db, accountId, campaignId, 3_600);
  await addContacts(database.db, accountId, campaignId, 4, { state: "blocked", blockedReason: "suppressed" });
  await addContacts(database.db, accountId, campaignId, 2, { state: "blocked", blockedReason: "scrub_blocked" });
  await sql`update contacts set name_sealed = 'Asha', variables_sealed = '{"order_id":"A7"}' where campaign_id = ${campaignId}`.execute(database.db);
  const view = await preflight(deps(), { accountId, campaignId });
  expect(world.scrubbed).toEqual([campaignId]);
  expect(view.rows).toEqual({ total: 3_606, callable: 3_600, blocked: 6, blocked_by_reason: { suppressed: 4, scrub_blocked: 2 }, by_state: { waiting: 3_600, blocked: 6 } });
  expect(view.missing.map((paper) => paper.code)).toEqual(["no_a2p_declaration", "foreign_caller_number"]);
  expect(view.warnings.map((warning) => warning.code)).toEqual(["no_sender_registration"]);
  expect(view.sample).toEqual({ contacts: 500, greeting: "Hello Asha, about order A7" });
  expect(view.calls).toBeGreaterThan(3_600);
  expect(view.finish_at).toMatch(/^2026-11-2\dT\d\d:\d\d:\d\d\.\d{3}\+05:30$/);
  expect(view.cost_inr.low).toBeLessThan(view.cost_inr.high);
});

test("pre-flight tells of the sender's brake, until when, and reckons from there", async () => {
  const campaignId = await addCampaign(database.db, accountId, { state: "draft", definition, acknowledged: ["no_sender_registration", "no_a2p_declaration", "foreign_caller_number"] });
  await addContacts(database.db, accountId, campaignId, 10);
  const quiet = await preflight(deps(), { accountId, campaignId });
  const sinceMs = world.clock.nowMs() - 3 * 86_400_000;
  for (const number of ["a", "b", "c"]) {
    await sql`insert into contact_holds (id, account_id, number_key, kind, detail, starts_at, created_at)
              values (gen_random_uuid(), ${accountId}, ${number}, 'complaint', '{}', ${new Date(sinceMs)}, ${new Date(sinceMs)})`.execute(database.db);
  }
  const braked = await preflight(deps(), { accountId, campaignId });
  expect(quiet.warnings.map(({ code }) => code)).not.toContain("sender_brake");
  expect(braked.warnings.find(({ code }) => code === "sender_brake")?.message).toMatch(/^3 people complained or opted out within ten days; the sender pauses, until 2026-12-0\d/);
  expect(Date.parse(braked.finish_at ?? "") - Date.parse(quiet.finish_at ?? "")).toBeGreaterThan(6 * 86_400_000);
});

test("pre-flight says how many waiting contacts other running campaigns of the account are to call too", async () => {
  const campaignId = await addCampaign(database.db, accountId, { state: "draft", definition });
  await addContacts(database.db, accountId, campaignId, 5);
  const sameNumbersIn = async (otherId: CampaignId, contactState: string): Promise<void> => {
    await sql`insert into contacts (id, account_id, campaign_id, number_key, language, added_at, state, due_class, next_attempt_at, updated_at)
              select gen_random_uuid(), (select account_id from campaigns where id = ${otherId}), ${otherId}, number_key, language, added_at, ${contactState}, due_class, next_attempt_at, updated_at
              from contacts where campaign_id = ${campaignId} order by number_key limit 3`.execute(database.db);
  };
  await sameNumbersIn(await addCampaign(database.db, accountId, { state: "paused" }), "waiting");
  await sameNumbersIn(await addCampaign(database.db, accountId), "done");
  await sameNumbersIn(await addCampaign(database.db, await addAccount(database.db)), "waiting");
  const warned = async () => (await preflight(deps(), { accountId, campaignId })).warnings.find(({ code }) => code === "in_other_campaigns")?.message;
  expect(await warned()).toBeUndefined();
  await sameNumbersIn(await addCampaign(database.db, accountId), "waiting");
  await sameNumbersIn(await addCampaign(database.db, accountId), "planned");
  expect(await warned()).toMatch(/^3 contacts also wait in other running campaigns .* limits\.minutes_between_calls/);
});

test("pre-flight warns of empty variables, a closed window, a small budget and contacts without a scrub", async () => {
  const promotional: DefinitionSource = { ...definition, purpose: "promotional", preference_category: 5, limits: { budget_inr: 1 } };
  const campaignId = await addCampaign(database.db, accountId, { state: "draft", definition: promotional });
  await addContacts(database.db, accountId, campaignId, 3);
  await fill(campaignId, { name: "Asha", variables: { order_id: "A7" } });
  await fill(campaignId, { name: "Ravi" });
  await sql`insert into scrub_runs (id, account_id, campaign_id, provider, reference, scrubbed_at, expires_at, submitted_count, blocked_count, list_hash, created_at)
            values (gen_random_uuid(), ${accountId}, ${campaignId}, 'a provider', 'r1', ${new Date("2026-11-24T03:00:00Z")}, ${new Date("2026-11-24T18:30:00Z")}, 3, 0, 'hash', ${new Date(0)})`.execute(database.db);
  await sql`insert into scrub_results select r.id, r.account_id, c.number_key, false from scrub_runs r, contacts c where c.campaign_id = ${campaignId} limit 1`.execute(database.db);
  world.clock.advanceTo("2026-11-25T08:00");
  const late = await preflight(deps(), { accountId, campaignId });
  expect(late.missing.map((paper) => paper.code)).toContain("scrub_run_expired");
  expect(late.warnings.map((warning) => warning.code)).toEqual(expect.arrayContaining(["window_closed", "empty_variable", "budget_too_small"]));
  expect(late.warnings.find((warning) => warning.message.startsWith("order_id"))?.message).toContain("2 of the first 3");
  const early = await preflight({ ...deps(), clock: (world = lifecycleWorld(database)).clock }, { accountId, campaignId });
  expect(early.warnings.find((warning) => warning.code === "not_scrubbed")?.message).toContain("2 contacts");
});
