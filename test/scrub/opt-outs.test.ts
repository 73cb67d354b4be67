import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountId } from "../../src/domain/ids.ts";
import { recordOptOut } from "../../src/scrub/record-opt-out.ts";
import { addSuppressions, liftSuppression, listSuppressions } from "../../src/scrub/suppressions.ts";
import { testDefinition, testNumber } from "../support/rows.ts";
import { scrubWorld } from "./scrub-fixture.ts";

let world: Awaited<ReturnType<typeof scrubWorld>>;
let account: AccountId;
beforeAll(async () => {
  world = await scrubWorld();
  account = await world.rows.account();
});
afterAll(() => world.close());

describe("an opt-out on a call", () => {
  it("closes the number for the whole account at once, whatever is queued, and says so in the evidence", async () => {
    const number = testNumber(1);
    const calling = await world.rows.campaign(account);
    const another = await world.rows.campaign(account);
    const contact = await world.rows.contact(account, calling, number, { state: "planned", next_attempt_at: null });
    const attempt = await world.rows.attempt(contact, { state: "in_progress" });
    const queued = await world.rows.contact(account, another, number, { state: "planned", next_attempt_at: null });
    await world.rows.attempt(queued, { state: "planned" });
    const third = await world.rows.campaign(account);
    await world.rows.contact(account, third, number);
    await recordOptOut(world.deps, { accountId: account, attemptId: attempt, how: "said" });

    expect((await listSuppressions(world.deps, { accountId: account, limit: 5, number })).items).toMatchObject([{ number, reason: "opted out", source: "call" }]);
    const contacts = await world.db.selectFrom("contacts").where("number_key", "=", world.vault.numberKey(number)).select(["campaign_id", "state", "blocked_reason"]).execute();
    expect(new Map(contacts.map((row) => [row.campaign_id, row.state]))).toEqual(new Map([[calling, "planned"], [another, "planned"], [third, "blocked"]]));
    const evidence = await world.db.selectFrom("evidence").where("number_key", "=", world.vault.numberKey(number)).select(["attempt_id", "decision", "code", "body"]).orderBy("id").execute();
    expect(evidence).toMatchObject([
      { attempt_id: attempt, decision: "never", code: "opted_out", body: { how: "said", source: "call" } },
      { code: "suppressed", body: { attempt_id: attempt } },
    ]);
  });

  it("may be told twice", async () => {
    const number = testNumber(2);
    const contact = await world.rows.contact(account, await world.rows.campaign(account), number, { state: "planned", next_attempt_at: null });
    const attempt = await world.rows.attempt(contact, { state: "in_progress" });
    await Promise.all([1, 2, 3].map(() => recordOptOut(world.deps, { accountId: account, attemptId: attempt, how: "pressed" })));
    expect((await listSuppressions(world.deps, { accountId: account, limit: 5, number })).items).toMatchObject([{ source: "keypad" }]);
    expect(await world.db.selectFrom("evidence").where("attempt_id", "=", attempt).where("code", "=", "opted_out").select("id").execute()).toHaveLength(1);
  });

  it("from a promotional call is told apart, because it counts towards the brake", async () => {
    const number = testNumber(3);
    const campaign = await world.rows.campaign(account, { definitionSource: testDefinition({ purpose: "promotional" }) });
    const attempt = await world.rows.attempt(await world.rows.contact(account, campaign, number, { state: "planned", next_attempt_at: null }), { state: "in_progress" });
    await recordOptOut(world.deps, { accountId: account, attemptId: attempt, how: "said" });
    expect((await listSuppressions(world.deps, { accountId: account, limit: 5, number })).items).toMatchObject([{ source: "promotional_call" }]);
  });

  it("of somebody the operator had listed already is remembered: it counts, and outlives the operator's lifting", async () => {
    const number = testNumber(6);
    const campaign = await world.rows.campaign(account, { definitionSource: testDefinition({ purpose: "promotional" }) });
    const attempt = await world.rows.attempt(await world.rows.contact(account, campaign, number, { state: "planned", next_attempt_at: null }), { state: "in_progress" });
    await addSuppressions(world.deps, { accountId: account, numbers: [number], reason: "asked by letter" });
    for (const how of ["said", "pressed"] as const) await recordOptOut(world.deps, { accountId: account, attemptId: attempt, how });
    await liftSuppression(world.deps, { accountId: account, number });
    const rows = await world.db.selectFrom("suppressions").where("number_key", "=", world.vault.numberKey(number)).select(["source", "lifted_at"]).orderBy("source").execute();
    expect(rows.map(({ source, lifted_at }) => [source, lifted_at !== null])).toEqual([["operator", true], ["promotional_call", true]]);
    expect(await world.db.selectFrom("evidence").where("attempt_id", "=", attempt).where("code", "=", "opted_out").select("id").execute()).toHaveLength(1);
  });

  it("of an erased person keeps the key only", async () => {
    const number = testNumber(4);
    const contact = await world.rows.contact(account, await world.rows.campaign(account), number, { state: "planned", next_attempt_at: null, number_sealed: null });
    const attempt = await world.rows.attempt(contact, { state: "in_progress" });
    await recordOptOut(world.deps, { accountId: account, attemptId: attempt, how: "said" });
    expect((await listSuppressions(world.deps, { accountId: account, limit: 5, number })).items).toMatchObject([{ number: null }]);
  });

  it("is not taken for an attempt of another account", async () => {
    const contact = await world.rows.contact(account, await world.rows.campaign(account), testNumber(5), { state: "planned", next_attempt_at: null });
    const attempt = await world.rows.attempt(contact, { state: "in_progress" });
    const other = await world.rows.account("Other");
    await expect(recordOptOut(world.deps, { accountId: other, attemptId: attempt, how: "said" })).rejects.toMatchObject({ status: 404, code: "attempt_not_found" });
  });
});
