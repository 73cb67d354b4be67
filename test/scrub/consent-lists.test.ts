import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountId } from "../../src/domain/ids.ts";
import { listConsents } from "../../src/scrub/consents.ts";
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
    expect(await take(rows.join("\r\n"))).toEqual({ rows: 2, recorded: 2, already: 0, rejected: 0, rejects_by_reason: {}, rejects: [] });
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

  it("without a column of numbers is refused", async () => {
    await expect(take("name,basis\nAsha,explicit\n")).rejects.toMatchObject({ code: "no_number_column" });
  });
});
