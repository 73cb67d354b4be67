import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountId, ContactId } from "../../src/domain/ids.ts";
import { listConsents, recordConsents, revokeConsents } from "../../src/scrub/consents.ts";
import { addHold, endHold, listHolds, recordHold } from "../../src/scrub/holds.ts";
import { addPaper, endPaper, listPapers } from "../../src/scrub/sender-papers.ts";
import { addSuppressions, liftSuppression } from "../../src/scrub/suppressions.ts";
import { testNumber } from "../support/rows.ts";
import { scrubWorld } from "./scrub-fixture.ts";

let world: Awaited<ReturnType<typeof scrubWorld>>;
let account: AccountId;
beforeAll(async () => {
  world = await scrubWorld();
  account = await world.rows.account();
});
afterAll(() => world.close());
const evidenceCodes = async (tail: number) =>
  (await world.db.selectFrom("evidence").where("number_key", "=", world.vault.numberKey(testNumber(tail))).select("code").orderBy("id").execute()).map((row) => row.code);

describe("papers of the sender", () => {
  it("are put on file, shown and ended", async () => {
    const registration = await addPaper(world.deps, { accountId: account, kind: "registration", reference: " PE-77 ", provider: "Vi" });
    const declaration = await addPaper(world.deps, { accountId: account, kind: "a2p_declaration", reference: "A2P-1", callerNumbers: ["+911600123456"], validFrom: new Date("2026-11-01T00:00:00+05:30") });
    expect(await listPapers(world.deps, { accountId: account })).toEqual([
      { id: registration.id, kind: "registration", reference: "PE-77", provider: "Vi", caller_numbers: [], dates: [], valid_from: "2026-11-23T12:00:00.000+05:30", valid_until: null },
      { id: declaration.id, kind: "a2p_declaration", reference: "A2P-1", provider: null, caller_numbers: ["+911600123456"], dates: [], valid_from: "2026-11-01T00:00:00.000+05:30", valid_until: null },
    ]);
    await endPaper(world.deps, { accountId: account, id: declaration.id });
    expect((await listPapers(world.deps, { accountId: account }))[1]).toMatchObject({ valid_until: "2026-11-23T12:00:00.000+05:30" });
    await expect(endPaper(world.deps, { accountId: account, id: declaration.id })).rejects.toMatchObject({ status: 404, code: "paper_not_found" });
    const other = await world.rows.account("Other");
    await expect(endPaper(world.deps, { accountId: other, id: registration.id })).rejects.toMatchObject({ status: 404 });
    await expect(endPaper(world.deps, { accountId: account, id: "x" })).rejects.toMatchObject({ status: 404 });
  });

  it("that say nothing are refused", async () => {
    await expect(addPaper(world.deps, { accountId: account, kind: "a2p_declaration", reference: "" })).rejects.toMatchObject({ code: "invalid_paper", errors: [{ path: "reference" }, { path: "caller_numbers" }] });
    await expect(addPaper(world.deps, { accountId: account, kind: "a2p_declaration", reference: "A", callerNumbers: ["1600123456"] })).rejects.toMatchObject({ errors: [{ path: "caller_numbers.0" }] });
    const until = new Date("2026-01-01T00:00:00+05:30");
    await expect(addPaper(world.deps, { accountId: account, kind: "registration", reference: "A", validUntil: until })).rejects.toMatchObject({ errors: [{ path: "valid_until" }] });
    for (const date of ["2028-02-30", "1928-03-11", "11-03-2028", "2025-12-25"]) {
      await expect(addPaper(world.deps, { accountId: account, kind: "holiday_list", reference: "Gazette", dates: [date] })).rejects.toMatchObject({ errors: [{ path: "dates.0" }] });
    }
    await expect(addPaper(world.deps, { accountId: account, kind: "holiday_list", reference: "Gazette" })).rejects.toMatchObject({ errors: [{ path: "dates" }] });
    await expect(addPaper(world.deps, { accountId: account, kind: "registration", reference: "PE", dates: ["2028-03-11"] })).rejects.toMatchObject({ errors: [{ path: "dates" }] });
  });

  it("that release the sender's brake are a statement in words, count from now, and for ten days", async () => {
    const sender = await world.rows.account("Braked");
    const words = "All three callers were rung back by Meera Nair, head of grievances: one list was wrong and is withdrawn.";
    const reason = { accountId: sender, kind: "brake_release" as const };
    await expect(addPaper(world.deps, { ...reason, reference: "looked into" })).rejects.toMatchObject({ errors: [{ path: "reference" }] });
    await expect(addPaper(world.deps, { ...reason, reference: words, validFrom: new Date("2026-11-01T00:00:00+05:30"), validUntil: new Date("2027-11-01T00:00:00+05:30") })).rejects.toMatchObject({
      errors: [{ path: "valid_from" }, { path: "valid_until" }],
    });
    await addPaper(world.deps, { ...reason, reference: words });
    expect(await listPapers(world.deps, { accountId: sender })).toMatchObject([{ kind: "brake_release", reference: words, valid_from: "2026-11-23T12:00:00.000+05:30", valid_until: "2026-12-03T12:00:00.000+05:30" }]);
  });
});

describe("consents", () => {
  const given = { basis: "explicit", givenAt: new Date("2026-11-20T10:00:00+05:30") } as const;

  it("are recorded all or none, each wrong field named", async () => {
    const wrong = recordConsents(world.deps, {
      accountId: account,
      consents: [
        { number: testNumber(1), ...given },
        { number: "12", ...given, givenAt: new Date("1926-11-20T10:00:00+05:30") },
        { number: testNumber(2), ...given, givenAt: new Date("2026-11-23T12:06:00+05:30") },
        { number: testNumber(2), ...given, registeredOnDlt: true, endsAt: given.givenAt },
      ],
    });
    await expect(wrong).rejects.toMatchObject({
      status: 422,
      code: "invalid_consents",
      errors: [{ path: "consents.1.number" }, { path: "consents.1.given_at" }, { path: "consents.2.given_at" }, { path: "consents.3.ends_at" }, { path: "consents.3.reference" }],
    });
    expect(await listConsents(world.deps, { accountId: account, number: testNumber(1) })).toEqual([]);
  });

  it("are shown and withdrawn", async () => {
    const number = testNumber(3);
    await recordConsents(world.deps, { accountId: account, consents: [{ number, ...given }, { number, basis: "dca", givenAt: given.givenAt, reference: "C-9", registeredOnDlt: true }] });
    expect(await revokeConsents(world.deps, { accountId: account, number, basis: "dca" })).toEqual({ revoked: 1 });
    const shown = await listConsents(world.deps, { accountId: account, number });
    expect(shown.map((row) => [row.basis, row.revoked_at]).sort()).toEqual([["dca", "2026-11-23T12:00:00.000+05:30"], ["explicit", null]]);
    expect(await revokeConsents(world.deps, { accountId: account, number })).toEqual({ revoked: 1 });
    expect(await revokeConsents(world.deps, { accountId: account, number })).toEqual({ revoked: 0 });
  });
});

describe("what opens a number again", () => {
  it("stands among the evidence: a consent recorded or withdrawn, a suppression lifted, a hold ended", async () => {
    const number = testNumber(14);
    await recordConsents(world.deps, { accountId: account, consents: [{ number, basis: "explicit", givenAt: new Date("2026-11-20T10:00:00+05:30"), reference: "FORM-7" }] });
    await revokeConsents(world.deps, { accountId: account, number });
    await addSuppressions(world.deps, { accountId: account, numbers: [number], reason: "asked by letter" });
    await liftSuppression(world.deps, { accountId: account, number });
    expect(await evidenceCodes(14)).toEqual(["consent_recorded", "consent_withdrawn", "suppression_lifted"]);
  });

  it.each(["no_consent", "consent_lapsed"])("is a new consent for a contact that was blocked by %s", async (reason) => {
    const number = testNumber(15);
    const contact = await world.rows.contact(account, await world.rows.campaign(account), number, { state: "blocked", blocked_reason: reason, next_attempt_at: null });
    await recordConsents(world.deps, { accountId: account, consents: [{ number, basis: "explicit", givenAt: new Date("2026-11-20T10:00:00+05:30") }] });
    expect(await stateOf(contact)).toEqual({ state: "waiting", blocked_reason: null });
  });

  it("is a list of holidays for those whom nobody could call for want of it", async () => {
    const contact = await world.rows.contact(account, await world.rows.campaign(account), testNumber(16), { state: "blocked", blocked_reason: "holiday_list_ends", next_attempt_at: null });
    await addPaper(world.deps, { accountId: account, kind: "holiday_list", reference: "Gazette 2028", dates: ["2028-01-26", "2028-08-15", "2028-10-02"] });
    expect(await stateOf(contact)).toEqual({ state: "waiting", blocked_reason: null });
  });

  it.each(["no_opening", "contact_hours"])("is the end of a wish about hours that left no time (%s)", async (reason) => {
    const number = testNumber(17);
    const contact = await world.rows.contact(account, await world.rows.campaign(account), number, { state: "blocked", blocked_reason: reason, next_attempt_at: null });
    const wish = await addHold(world.deps, { accountId: account, number, kind: "hours", hours: { mode: "only", from: "20:00", to: "22:00" } });
    expect(await endHold(world.deps, { accountId: account, id: wish.id })).toEqual({ contacts_freed: 1 });
    expect(await stateOf(contact)).toEqual({ state: "waiting", blocked_reason: null });
  });

  async function stateOf(id: ContactId) {
    return world.db.selectFrom("contacts").where("id", "=", id).select(["state", "blocked_reason"]).executeTakeFirstOrThrow();
  }
});

describe("holds", () => {
  it("are added, shown and ended, and free the contacts that nothing else keeps", async () => {
    const number = testNumber(11);
    const campaign = await world.rows.campaign(account);
    await world.rows.contact(account, campaign, number, { state: "held", next_attempt_at: null });
    const dispute = await addHold(world.deps, { accountId: account, number, kind: "dispute", note: "asks for a statement" });
    const hardship = await addHold(world.deps, { accountId: account, number, kind: "hardship", endsAt: new Date("2026-12-23T12:00:00+05:30") });
    expect(await listHolds(world.deps, { accountId: account, number })).toHaveLength(2);
    expect(await endHold(world.deps, { accountId: account, id: dispute.id })).toEqual({ contacts_freed: 0 });
    expect(await endHold(world.deps, { accountId: account, id: hardship.id })).toEqual({ contacts_freed: 1 });
    await expect(endHold(world.deps, { accountId: account, id: hardship.id })).rejects.toMatchObject({ status: 404, code: "hold_not_found" });
    expect(await evidenceCodes(11)).toEqual(["hold_dispute", "hold_hardship", "hold_dispute_ended", "hold_hardship_ended"]);
  });

  it("that a conversation led to are recorded once per attempt", async () => {
    const numberKey = world.vault.numberKey(testNumber(12));
    const contact = await world.rows.contact(account, await world.rows.campaign(account), testNumber(12));
    const attemptId = await world.rows.attempt(contact, { state: "ended" });
    for (let turn = 0; turn < 2; turn += 1) await recordHold(world.deps, { accountId: account, numberKey, kind: "dispute", attemptId });
    expect(await listHolds(world.deps, { accountId: account, number: testNumber(12) })).toMatchObject([{ kind: "dispute", detail: { attempt_id: attemptId }, ends_at: null }]);
    expect(await evidenceCodes(12)).toEqual(["hold_dispute"]);
  });

  it("about hours say which, and are refused when they say none", async () => {
    const number = testNumber(13);
    await addHold(world.deps, { accountId: account, number, kind: "hours", hours: { from: "18:00", to: "19:00", days: [6, 7] } });
    expect(await listHolds(world.deps, { accountId: account, number })).toMatchObject([{ detail: { mode: "only", from: "18:00", to: "19:00", days: [6, 7] } }]);
    await expect(addHold(world.deps, { accountId: account, number, kind: "hours" })).rejects.toMatchObject({ code: "invalid_hours" });
    await expect(addHold(world.deps, { accountId: account, number, kind: "hours", hours: { from: "25:00", to: "19:00" } })).rejects.toMatchObject({ errors: [{ path: "hours.from" }] });
    await expect(addHold(world.deps, { accountId: account, number, kind: "hours", hours: { from: "10:00", to: "10:00" } })).rejects.toMatchObject({ code: "invalid_hours" });
    await expect(addHold(world.deps, { accountId: account, number: "12", kind: "dispute" })).rejects.toMatchObject({ code: "invalid_number" });
    await expect(addHold(world.deps, { accountId: account, number, kind: "dispute", endsAt: new Date("2026-01-01T00:00:00Z") })).rejects.toMatchObject({ code: "invalid_period" });
  });
});
