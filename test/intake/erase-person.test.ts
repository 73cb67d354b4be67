import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addEvent } from "../../src/db/outbox.ts";
import { erasePerson } from "../../src/intake/erase-person.ts";
import type { CallSid } from "../../src/domain/ids.ts";
import { definitionSchema } from "../../src/domain/definition.ts";
import { scheduleCall } from "../../src/intake/schedule-call.ts";
import { addSuppressions, liftSuppression } from "../../src/scrub/suppressions.ts";
import { testNumber } from "../support/rows.ts";
import { intakeFixture, listDefinition } from "./intake-fixture.ts";

let world: Awaited<ReturnType<typeof intakeFixture>>;
beforeAll(async () => {
  world = await intakeFixture();
});
afterAll(() => world.close());

const number = testNumber(7);
const sid = (text: string) => text as CallSid;
const erase = (accountId = world.accountId) => erasePerson(world.deps, { accountId, number: number.slice(3) });

/** Whether anything sealed about a person is left anywhere in the account. */
async function sealedLeft(numberKey: string): Promise<number> {
  const { rows } = await world.deps.pool.query<{ n: number }>(
    `select (select count(*) from contacts where number_key = $1 and (number_sealed is not null or name_sealed is not null or variables_sealed is not null or external_id is not null))
          + (select count(*) from conversations v join contacts c on c.id = v.contact_id where c.number_key = $1 and (v.turns_sealed is not null or v.fields_sealed is not null))
          + (select count(*) from import_rejects where number_key = $1 and original_sealed is not null)
          + (select count(*) from suppressions where number_key = $1 and number_sealed is not null) as n`,
    [numberKey],
  );
  return Number(rows[0]?.n);
}

describe("R5.9 erasing a person", () => {
  it("destroys what is personal everywhere, keeps the history, and suppresses the number", async () => {
    const called = await world.newCampaign("running");
    const contactId = await world.write.contact(world.accountId, called, number, { external_id: "CRM-1", state: "done", disposition: "promise_to_pay", next_attempt_at: null });
    const attemptId = await world.write.attempt(contactId, { state: "ended", ended_at: new Date(), settled_at: new Date(), call_sid: sid("CA-recorded"), recording_sid: "RE1" });
    await world.write.conversation(attemptId, { turns: [{ speaker: "callee", text: "my name is Asha", startedAtMs: 1, endedAtMs: 2 }] });
    const waiting = await world.newCampaign("running");
    await world.importText(waiting, `phone,name,amount_due\n${number},Asha,4500\n${number},Asha,lots\n`);
    const key = world.deps.vault.numberKey(number);
    expect(await sealedLeft(key)).toBe(4);

    expect(await erase()).toEqual({ number_key: key, contacts: 2, conversations: 1, rejected_rows: 1, recordings_at_carrier: 1 });
    expect(await sealedLeft(key)).toBe(0);
    const states = await world.deps.db.selectFrom("contacts").select(["state", "blocked_reason", "disposition"]).where("number_key", "=", key).orderBy("state").execute();
    expect(states).toEqual([
      { state: "blocked", blocked_reason: "erased", disposition: null },
      { state: "done", blocked_reason: null, disposition: "promise_to_pay" },
    ]);
    expect(await world.deps.db.selectFrom("suppressions").select(["reason", "number_sealed"]).where("number_key", "=", key).execute()).toEqual([{ reason: "erased", number_sealed: null }]);
  });

  it("changes nothing the second time, and nothing of another account", async () => {
    const stranger = await world.write.account("Stranger");
    const theirs = await world.write.campaign(stranger);
    await world.write.contact(stranger, theirs, number);
    expect(await erase()).toMatchObject({ contacts: 2, rejected_rows: 0 });
    const kept = await world.deps.db.selectFrom("contacts").select("number_sealed").where("account_id", "=", stranger).executeTakeFirstOrThrow();
    expect(kept.number_sealed).not.toBeNull();
  });

  it("waits for a call that is under way, and takes back one that is only planned", async () => {
    const campaignId = await world.newCampaign("running");
    const other = testNumber(8);
    const contactId = await world.write.contact(world.accountId, campaignId, other, { state: "planned", next_attempt_at: null });
    const attemptId = await world.write.attempt(contactId, { state: "in_progress" });
    const eraseOther = () => erasePerson(world.deps, { accountId: world.accountId, number: other });
    await expect(eraseOther()).rejects.toMatchObject({ status: 409, code: "call_under_way", retryable: true });
    const suppressed = await world.deps.db.selectFrom("suppressions").select("reason").where("number_key", "=", world.deps.vault.numberKey(other)).execute();
    expect(suppressed, "nobody else may ring the person until the erasure is asked for again").toEqual([{ reason: "erased" }]);
    await world.deps.db.updateTable("attempts").set({ state: "planned" }).where("id", "=", attemptId).execute();
    await eraseOther();
    expect(await world.deps.db.selectFrom("attempts").select(["state", "refusal_code"]).where("id", "=", attemptId).executeTakeFirstOrThrow()).toEqual({ state: "refused", refusal_code: "erased" });
  });

  it("asks for the deletion of recordings at the carrier, also of those nobody has told of yet, once", async () => {
    const recorded = testNumber(9);
    const campaignId = await world.newCampaign("running");
    const over = { state: "ended", ended_at: new Date(), settled_at: new Date() } as const;
    const contactId = await world.write.contact(world.accountId, campaignId, recorded, { state: "done", disposition: "promise_to_pay", next_attempt_at: null });
    await world.write.attempt(contactId, { ...over, call_sid: sid("CA-1"), recording_sid: "RE-1", recording_consent: "given" });
    await world.write.attempt(contactId, { ...over, call_sid: sid("CA-2"), recording_consent: "announced" });
    await world.write.attempt(contactId, { ...over, call_sid: sid("CA-3"), recording_consent: "refused" });
    const eraseRecorded = () => erasePerson(world.deps, { accountId: world.accountId, number: recorded });
    expect(await eraseRecorded()).toMatchObject({ recordings_at_carrier: 2 });
    expect(await eraseRecorded()).toMatchObject({ recordings_at_carrier: 2 });
    const asked = await world.deps.db.selectFrom("recording_deletions").select(["call_sid", "recording_sid", "done_at"]).where("call_sid", "in", ["CA-1", "CA-2", "CA-3"].map(sid)).orderBy("call_sid").execute();
    expect(asked).toEqual([
      { call_sid: "CA-1", recording_sid: "RE-1", done_at: null },
      { call_sid: "CA-2", recording_sid: null, done_at: null },
    ]);
  });

  it("R5.9 keeps erased persons out of later lists and calls, and nothing personal of the rows about them, until they are let in again", async () => {
    const back = testNumber(11);
    const key = world.deps.vault.numberKey(back);
    await erasePerson(world.deps, { accountId: world.accountId, number: back });
    const campaignId = await world.newCampaign("running");
    const list = `phone,name,amount_due,due_date\n${back},Asha,4500,\n${testNumber(12)},Ravi,4500,\n${back},Asha,4500,someday\n`;
    const report = await world.importText(campaignId, list);
    expect(report).toMatchObject({ accepted: 1, rejected: 2, rejectsByReason: { erased: 2 } });
    expect(JSON.stringify(report)).not.toContain("Asha");
    expect(await sealedLeft(key)).toBe(0);
    const definition = definitionSchema.parse(listDefinition);
    const call = () => scheduleCall(world.deps, { accountId: world.accountId, campaignId, definition, call: { to: back, variables: { amount_due: 1 } } });
    await expect(call()).rejects.toMatchObject({ status: 422, code: "invalid_call", errors: [{ path: "to" }] });

    await liftSuppression(world.deps, { accountId: world.accountId, number: back });
    expect(await world.importText(await world.newCampaign("running"), list)).toMatchObject({ accepted: 2 });
  });

  it("leaves nothing of the person in events and in the reasons of suppressions", async () => {
    const told = testNumber(10);
    const campaignId = await world.newCampaign("running");
    const contactId = await world.write.contact(world.accountId, campaignId, told, { external_id: "asha@example.com", state: "done", disposition: "paid", next_attempt_at: null });
    const { db, vault, clock, random } = world.deps;
    const account = await vault.forAccount(world.accountId);
    const event = { accountId: world.accountId, type: "contact.done", subjectId: contactId, sequence: 1 } as const;
    await db.transaction().execute((tx) => addEvent(tx, { clock, random, vault: account }, { ...event, body: { contact_id: contactId, external_id: "asha@example.com" }, personal: { phone: told } }));
    await addSuppressions({ db, vault, clock, random, log: world.log }, { accountId: world.accountId, numbers: [told], reason: "Asha Rao wrote to us" });
    await erasePerson(world.deps, { accountId: world.accountId, number: told });
    const { body, body_sealed } = await db.selectFrom("webhook_events").select(["body", "body_sealed"]).where("subject_id", "=", contactId).executeTakeFirstOrThrow();
    expect({ body, body_sealed }).toEqual({ body: { contact_id: contactId }, body_sealed: null });
    expect(await db.selectFrom("suppressions").select("reason").where("number_key", "=", vault.numberKey(told)).execute()).toEqual([{ reason: "erased" }]);
  });

  it("refuses what is no number", async () => {
    await expect(erasePerson(world.deps, { accountId: world.accountId, number: "12" })).rejects.toMatchObject({ status: 422, code: "invalid_number" });
  });
});
