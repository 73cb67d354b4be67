import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountId } from "../../src/domain/ids.ts";
import { listConsents, recordConsents, revokeConsents } from "../../src/scrub/consents.ts";
import { importConsents } from "../../src/scrub/import-consents.ts";
import { testNumber } from "../support/rows.ts";
import { file, scrubWorld } from "./scrub-fixture.ts";

let world: Awaited<ReturnType<typeof scrubWorld>>;
let account: AccountId;
beforeAll(async () => {
  world = await scrubWorld();
  account = await world.rows.account();
});
afterAll(() => world.close());

const take = (text: string) => importConsents(world.deps, { accountId: account, bytes: file(text) });
const of = (tail: number) => listConsents(world.deps, { accountId: account, number: testNumber(tail) });

describe("a list of consents", () => {
  it("is taken with any header; a day counts from its first instant, the last day of a contract whole", async () => {
    const rows = [
      "Mobile No.;Consent Type;Consent Date;Valid Until;DLT;Consent ID;Brand",
      `${testNumber(1).slice(3)};Inferred;01/04/2026;31-03-2027;;loan 7;Asha Finance`,
      `0${testNumber(2).slice(3)};dca;2026-11-23 11:40;;yes;DCA-9;`,
    ];
    expect(await take(rows.join("\r\n"))).toEqual({ rows: 2, recorded: 2, already: 0, withdrawn: 0, rejected: 0, rejects_by_reason: {}, rejects: [], warnings: [] });
    expect(await of(1)).toMatchObject([{ basis: "inferred", purpose: "Asha Finance", reference: "loan 7", registered_on_dlt: false, given_at: "2026-04-01T00:00:00.000+05:30", ends_at: "2027-04-01T00:00:00.000+05:30" }]);
    expect(await of(2)).toMatchObject([{ basis: "dca", purpose: null, reference: "DCA-9", registered_on_dlt: true, given_at: "2026-11-23T00:00:00.000+05:30", ends_at: null }]);
  });

  it("keeps the good rows and names what is wrong with each other one, which permits nothing", async () => {
    const number = testNumber(5);
    const report = await take(
      [
        "phone,basis,given_at,ends_at,registered_on_dlt,reference",
        `${number},explicit,2026-11-22,,no,form 1`,
        `,explicit,2026-11-22,,no,`,
        `${number},oral,2026-11-22,,no,`,
        `${number},explicit,22-11-1926,,no,`,
        `${number},explicit,2026-11-24,,no,`,
        `${number},explicit,,,no,`,
        `${number},explicit,31-02-2026,,no,`,
        `${number},inferred,2026-11-22,2026-11-20,no,`,
        `${number},inferred,2026-11-22,2199-01-01,no,`,
        `${number},dca,2026-11-22,,yes,`,
        `${number},dca,2026-11-22,,perhaps,X`,
        `${number},"explicit,2026-11-22`,
      ].join("\n"),
    );
    expect(report).toMatchObject({ rows: 12, recorded: 1, rejected: 11 });
    expect(report.rejects.map(({ line, column, reason }) => [line, column, reason])).toEqual([
      [3, "phone", "number_missing"],
      [4, "basis", "unknown_basis"],
      [5, "given_at", "absurd_date"],
      [6, "given_at", "absurd_date"],
      [7, "given_at", "given_at_missing"],
      [8, "given_at", "unreadable_date"],
      [9, "ends_at", "ends_before_start"],
      [10, "ends_at", "absurd_date"],
      [11, "reference", "reference_missing"],
      [12, "registered_on_dlt", "unknown_registration"],
      [13, null, "broken_quotes"],
    ]);
    expect(await of(5)).toHaveLength(1);
  });

  it("may be sent again: what is on file is not recorded twice", async () => {
    const rows = ["phone,basis,given_at,reference", ...[6, 7, 8].map((tail) => `${testNumber(tail)},enquiry,2026-11-20,form ${tail}`), `${testNumber(8)},enquiry,2026-11-20,form 8`].join("\n");
    expect(await take(rows)).toMatchObject({ rows: 4, recorded: 3, already: 1 });
    expect(await take(rows)).toMatchObject({ rows: 4, recorded: 0, already: 4 });
    expect(await of(8)).toHaveLength(1);
  });

  it("that says a consent was revoked records it as withdrawn, in a column of words or of days", async () => {
    const rows = (header: string, ...cells: string[]) => [`number,basis,given_at,registered_on_dlt,reference,${header}`, ...cells].join("\n");
    const columns = [["status", "Revoked"], ["consent status", "withdrawn"], ["revoked", "yes"], ["Opt-out", "Y"], ["withdrawn_at", "2026-11-20"], ["revoked_on", "20 Nov 26"]] as const;
    for (const [at, [header, cell]] of columns.entries()) {
      const tail = 20 + at;
      const report = await take(rows(header, `${testNumber(tail)},dca,2026-11-01,yes,DCA1,${cell}`, `${testNumber(40 + at)},dca,2026-11-01,yes,DCA1,${header.includes("status") ? "active" : ""}`));
      expect([header, (await of(tail)).filter(({ revoked_at }) => revoked_at === null)]).toEqual([header, []]);
      expect(await of(40 + at)).toMatchObject([{ revoked_at: null }]);
      expect(report.rejected).toBe(cell === "20 Nov 26" ? 1 : 0);
    }
    expect(await of(24)).toMatchObject([{ given_at: "2026-11-01T00:00:00.000+05:30", revoked_at: "2026-11-20T23:59:59.999+05:30" }]);
    expect(await take(rows("status", `${testNumber(27)},dca,2026-11-01,yes,DCA1,perhaps`))).toMatchObject({ recorded: 0, rejects: [{ column: "status", reason: "unknown_standing" }] });
  });

  it("withdraws what is on file, of the same reference however it is written, and nothing given later", async () => {
    const number = testNumber(31);
    await take(`number,basis,given_at,reference\n${number},explicit,2026-11-01,Form 1\n${number},explicit,2026-11-02,Form 2\n${number},explicit,2026-11-22,Form 1\n`);
    expect(await take(`number,basis,reference,revoked_at\n${number},explicit,form-1,2026-11-20\n`)).toMatchObject({ recorded: 0, rejected: 0, withdrawn: 1 });
    expect((await of(31)).map(({ given_at, revoked_at }) => [given_at.slice(0, 10), revoked_at !== null])).toEqual([["2026-11-22", false], ["2026-11-02", false], ["2026-11-01", true]]);
    const noted = await world.db.selectFrom("evidence").where("number_key", "=", world.vault.numberKey(number)).select(["decision", "code", "body"]).execute();
    expect(noted).toMatchObject([{ decision: "noted", code: "consent_withdrawn", body: { source: "import", basis: "explicit", consents: 1 } }]);
    expect(await take(`number,basis,revoked\n${number},,yes\n`)).toMatchObject({ withdrawn: 2, rejects: [{ reason: "unknown_basis" }] });
    expect((await of(31)).every(({ revoked_at }) => revoked_at !== null)).toBe(true);
  });

  it("given before a withdrawal stays withdrawn, however its reference is written, and one given after it does not", async () => {
    const number = testNumber(32);
    const rows = (reference: string, given: string) => `number,basis,given_at,registered_on_dlt,reference\n${number},dca,${given},yes,${reference}\n`;
    await take(rows("DCA-1", "2026-11-01"));
    await revokeConsents(world.deps, { accountId: account, number });
    for (const reference of ["dca-1", " DCA-1 ", "DCA 1", "DCA-9"]) await take(rows(reference, "2026-11-01"));
    expect(await take(rows("dca-1", "2026-11-01"))).toMatchObject({ recorded: 0, already: 1 });
    await take(rows("DCA-1", "2026-11-02"));
    await recordConsents(world.deps, { accountId: account, consents: [{ number, basis: "dca", reference: "Dca 1", registeredOnDlt: true, givenAt: new Date("2026-11-03T10:00:00+05:30") }] });
    expect((await of(32)).filter(({ revoked_at }) => revoked_at === null)).toEqual([]);
    world.clock.advance(60_000);
    await recordConsents(world.deps, { accountId: account, consents: [{ number, basis: "dca", reference: "DCA-1", registeredOnDlt: true, givenAt: new Date(world.clock.nowMs()) }] });
    expect((await of(32)).filter(({ revoked_at }) => revoked_at === null)).toHaveLength(1);
  });

  it("ends when its contract does, under any of its titles, the first of several", async () => {
    for (const [at, header] of ["Expiry", "valid_until", "loan_end_date", "Contract End", "end date"].entries()) {
      await take(`number,basis,given_on,${header}\n${testNumber(50 + at)},contract,2024-11-01,2025-01-01\n`);
      expect(await of(50 + at)).toMatchObject([{ ends_at: "2025-01-02T00:00:00.000+05:30" }]);
    }
    await take(`number,basis,given_on,expiry,loan_end_date\n${testNumber(56)},contract,2024-11-01,2027-01-01,2026-01-01\n`);
    expect(await of(56)).toMatchObject([{ ends_at: "2026-01-02T00:00:00.000+05:30" }]);
  });

  it("takes the day a row was last touched for no day of consent, and names the columns it could not read", async () => {
    for (const header of ["basis,updated_on", "basis,registered_on", "basis,given_at,date", "basis,given_at,last_updated"]) {
      const row = header.split(",").map((title) => (title === "basis" ? "enquiry" : title === "given_at" ? "" : "2026-11-23"));
      expect(await take(`number,${header}\n${testNumber(57)},${row.join(",")}\n`)).toMatchObject({ recorded: 0, rejects_by_reason: { given_at_missing: 1 } });
    }
    expect(await take(`number,name,basis,date,mood\n${testNumber(58)},Asha,enquiry,2026-11-23,good\n`)).toMatchObject({ recorded: 1, warnings: ['columns that were not read: "mood"'] });
  });

  it("without a column of numbers is refused", async () => {
    await expect(take("name,basis\nAsha,explicit\n")).rejects.toMatchObject({ code: "no_number_column" });
  });
});
