import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountId } from "../../src/domain/ids.ts";
import { importPreferences } from "../../src/scrub/import-preferences.ts";
import { findColumns } from "../../src/scrub/list-columns.ts";
import { readListDate } from "../../src/scrub/list-date.ts";
import { readPreference } from "../../src/scrub/read-preference.ts";
import { testNumber } from "../support/rows.ts";
import { file, scrubWorld } from "./scrub-fixture.ts";

const read = (header: string, row: string) => readPreference(findColumns(header.split(",")), row.split(";"), "2026-11-23");
const choice = (header: string, row: string) => {
  const reading = read(header, row);
  return reading.ok ? reading.choice : reading.reason;
};

describe("a register row of 2018", () => {
  it("says what is blocked, in one column or in several", () => {
    expect(choice("number,preference", "x;1,3,11,24,31")).toMatchObject({ scheme: "bare", categories: [1, 3], modes: [11], bands: [24], days: [31] });
    expect(choice("Mobile No,Categories,Modes,Time Bands,Day Type", "x;1|2;14 15;21/23;38")).toMatchObject({ categories: [1, 2], modes: [14, 15], bands: [21, 23], days: [38] });
    expect(choice("number,preference", "x;BLOCK 3")).toMatchObject({ scheme: "partial", categories: [3] });
    expect(choice("number,mode", "x;Voice")).toMatchObject({ scheme: "partial", modes: [11] });
    expect(choice("number,mode", "x;SMS")).toMatchObject({ scheme: "partial", modes: [12] });
  });

  it("knows the whole blocks in their spellings", () => {
    for (const text of ["FULLY BLOCK", "Full Block", "fully_block", "0", "ALL", "DND", "BLOCK 0"]) expect(choice("number,preference", `x;${text}`)).toMatchObject({ scheme: "full_block" });
    for (const text of ["BLOCK PROMO", "block_promo", "50", "Block Promotional"]) expect(choice("number,preference", `x;${text}`)).toMatchObject({ scheme: "block_promo" });
    for (const text of ["UNBLOCK ALL", "none", "Not Registered"]) expect(choice("number,preference", `x;${text}`)).toMatchObject({ scheme: "none" });
    expect(choice("number,status", "x;1")).toMatchObject({ scheme: "full_block" });
    expect(choice("number,dnd", "x;No")).toMatchObject({ scheme: "none" });
    expect(choice("number,preference", "x;3,0")).toMatchObject({ scheme: "full_block" });
    expect(choice("number,category", "x;ALL")).toMatchObject({ scheme: "full_block" });
  });

  it("with a code that does not exist, or none at all, is an error and no permission", () => {
    for (const text of ["9", "16", "19", "39", "99", "3,77", "abc", "3 x"]) expect(choice("number,preference", `x;${text}`)).toBe("unknown_preference_code");
    expect(choice("number,category", "x;11")).toBe("unknown_preference_code");
    expect(choice("number,band", "x;31")).toBe("unknown_preference_code");
    expect(choice("number,preference", "x;93")).toBe("unblock_code");
    expect(choice("number,preference", "x;")).toBe("preference_missing");
    expect(choice("number,preference,ops", "x;3;Z")).toBe("unknown_operation");
  });

  it("counts ranges whole, and several columns together, the strictest first", () => {
    expect(choice("number,preference", "x;1-8")).toMatchObject({ categories: [1, 2, 3, 4, 5, 6, 7, 8] });
    for (const text of ["2-4", "2 to 4", "2 – 4", "4-2"]) expect(choice("number,preference", `x;${text}`)).toMatchObject({ categories: [2, 3, 4] });
    expect(choice("number,time band", "x;24-26")).toMatchObject({ bands: [24, 25, 26] });
    expect(choice("number,category,industry", "x;3;1")).toMatchObject({ categories: [3, 1] });
    expect(choice("msisdn,preference_category,mode", "x;1;12")).toMatchObject({ scheme: "partial", categories: [1], modes: [12] });
    expect(choice("msisdn,blocked categories,mode", "x;ALL;12")).toMatchObject({ scheme: "full_block" });
    expect(choice("number,registration,preference", "x;No;FULLY BLOCK")).toMatchObject({ scheme: "full_block" });
    expect(choice("number,registration,preference", "x;No;")).toMatchObject({ scheme: "none" });
    expect(choice("number,preference,dnd", "x;none;yes")).toMatchObject({ scheme: "full_block" });
    expect(choice("number,allowed", "x;no")).toMatchObject({ scheme: "full_block" });
  });

  it("that names no preference, or a word that may mean the opposite, is in doubt", () => {
    for (const text of ["-", "nil", "", "n/a"]) expect([text, choice("number,preference", `x;${text}`)]).toEqual([text, "preference_missing"]);
    for (const text of ["no", "STOP"]) expect(choice("number,preference", `x;${text}`)).toBe("ambiguous_preference");
    for (const text of [",", "#", "BLOCK"]) expect(choice("number,preference", `x;${text}`)).toBe("unknown_preference_code");
    expect(choice("number,category,mode", "x;-;-")).toBe("preference_missing");
    expect(choice("number,status", "x;Active")).toBe("unknown_status");
  });

  it("of a deregistration blocks nothing", () => {
    expect(choice("number,preference,operation", "x;3;D")).toMatchObject({ scheme: "none" });
  });
});

describe("a register row of 2010", () => {
  it("closes the number to promotional voice, whatever it wanted to keep by SMS", () => {
    const header = "Service Area Code,Phone Numbers,Preferences,Opstype,PhoneType";
    for (const kept of ["3,4", "0", "", "1#2", "anything"]) expect(choice(header, `A;x;${kept};A;1`)).toMatchObject({ scheme: "legacy", categories: [] });
    expect(choice(header, "A;x;0;D;1")).toMatchObject({ scheme: "none" });
    expect(choice("number,preference", "x;START 3")).toMatchObject({ scheme: "legacy" });
    expect(choice("number,preference,format", "x;3;2010")).toMatchObject({ scheme: "legacy" });
    expect(choice("number,preference,date", "x;3 4;05-10-2012")).toMatchObject({ scheme: "legacy", categories: [] });
    expect(choice("number,preference,date,updated_on", "x;3 4;05-10-2012;05-10-2022")).toMatchObject({ scheme: "legacy" });
    expect(choice("number,preference,date", "x;BLOCK 3;05-10-2012")).toMatchObject({ scheme: "partial" });
    expect(choice("number,preference,date", "x;3;19-07-2018")).toMatchObject({ categories: [3] });
    expect(choice("number,preference,format", "x;3;2018")).toMatchObject({ scheme: "partial", categories: [3] });
  });
});

describe("a register date", () => {
  it("is read as Indian registers write it, and refused when it cannot be", () => {
    for (const text of ["2026-05-12", "12-05-2026", "12/05/26", "12.5.2026", "2026-05-12T10:00:00", "12-05-2026 10:00"]) expect(readListDate(text, "2026-11-23")).toEqual({ ok: true, date: "2026-05-12" });
    for (const text of ["1926-05-12", "12-05-1926", "2062-05-12", "2026-11-24", "12/05/99"]) expect(readListDate(text, "2026-11-23")).toEqual({ ok: false, reason: "absurd_date" });
    for (const text of ["31-02-2026", "2026-13-01", "yesterday", "0", "12 May 2026"]) expect(readListDate(text, "2026-11-23")).toEqual({ ok: false, reason: "unreadable_date" });
    expect(readListDate(" ", "2026-11-23")).toEqual({ ok: true, date: null });
  });
});

describe("an import of register rows", () => {
  let world: Awaited<ReturnType<typeof scrubWorld>>;
  let account: AccountId;
  beforeAll(async () => {
    world = await scrubWorld();
    account = await world.rows.account();
  });
  afterAll(() => world.close());
  const stored = async (tail: number) =>
    world.db.selectFrom("preferences").where("account_id", "=", account).where("number_key", "=", world.vault.numberKey(testNumber(tail))).select(["scheme", "categories", "modes", "bands", "import_id"]).executeTakeFirst();

  it("keeps the good rows, names the bad ones, and closes the numbers of bad ones", async () => {
    const text = ["number,preference,date", `${testNumber(1)},1|3,2025-01-01`, `${testNumber(2)},77,2025-01-01`, ",3,2025-01-01", `${testNumber(3)},3,1925-01-01`, `98765,3,`, `${testNumber(4)},`, `"${testNumber(5)}","24",`].join("\n");
    const report = await importPreferences(world.deps, { accountId: account, bytes: file(text) });
    expect(report).toMatchObject({
      rows: 7,
      accepted: 2,
      rejected: 5,
      numbers: 5,
      closed_in_doubt: 3,
      rejects_by_reason: { unknown_preference_code: 1, number_missing: 1, absurd_date: 1, number_too_short: 1, preference_missing: 1 },
    });
    expect(report.rejects.map((reject) => [reject.line, reject.column, reject.reason])).toEqual([
      [3, "preference", "unknown_preference_code"],
      [4, "number", "number_missing"],
      [5, "date", "absurd_date"],
      [6, "number", "number_too_short"],
      [7, "preference", "preference_missing"],
    ]);
    expect(await stored(1)).toMatchObject({ scheme: "partial", categories: [1, 3], import_id: report.import_id });
    for (const tail of [2, 3, 4]) expect(await stored(tail)).toMatchObject({ scheme: "full_block" });
    expect(await stored(5)).toMatchObject({ scheme: "partial", bands: [24] });
    const noted = await world.db.selectFrom("preference_imports").selectAll().where("id", "=", report.import_id).executeTakeFirstOrThrow();
    expect(noted).toMatchObject({ rows: 7, accepted: 2, rejected: 5, list_hash: report.list_hash });
    expect(JSON.stringify(noted.rejects)).not.toContain("98765");
  });

  it("lets the newest rows of a number count together, and a row in doubt before all", async () => {
    const text = ["number,preference,date", `${testNumber(11)},5,2026-03-01`, `${testNumber(11)},FULLY BLOCK,2025-03-01`, `${testNumber(12)},5,`, `${testNumber(12)},6,`, `${testNumber(13)},77,`, `${testNumber(13)},6,2026-01-01`].join("\n");
    await importPreferences(world.deps, { accountId: account, bytes: file(text) });
    expect(await stored(11)).toMatchObject({ scheme: "partial", categories: [5] });
    expect(await stored(12)).toMatchObject({ categories: [5, 6] });
    expect(await stored(13)).toMatchObject({ scheme: "full_block" });
  });

  it("replaces what an earlier import said of a number", async () => {
    await importPreferences(world.deps, { accountId: account, bytes: file(`number,preference\n${testNumber(21)},FULLY BLOCK\n`) });
    await importPreferences(world.deps, { accountId: account, bytes: file(`number,preference\n${testNumber(21)},UNBLOCK ALL\n`) });
    expect(await stored(21)).toMatchObject({ scheme: "none" });
  });

  const take = (text: string) => importPreferences(world.deps, { accountId: account, bytes: file(text) });

  it("unites the rows of one number and one day, the strictest first; the date decides, not the line", async () => {
    const number = testNumber;
    await take(`number,preference,date\n${number(41)},1,2024-01-01\n${number(41)},3 11,2024-01-01\n${number(42)},FULLY BLOCK,\n${number(42)},none,2024-01-01\n${number(43)},FULLY BLOCK,2024-01-01\n${number(43)},5,2023-01-01\n`);
    expect(await stored(41)).toMatchObject({ scheme: "partial", categories: [1, 3], modes: [11] });
    expect(await stored(42)).toMatchObject({ scheme: "full_block" });
    expect(await stored(43)).toMatchObject({ scheme: "full_block", categories: [] });
    await take(`number,preference\n${number(44)},FULLY BLOCK\n${number(44)},3\n${number(45)},3\n${number(45)},UNBLOCK ALL\n`);
    expect(await stored(44)).toMatchObject({ scheme: "full_block" });
    expect(await stored(45)).toMatchObject({ scheme: "partial", categories: [3] });
    const fresh = await world.rows.account("Fresh");
    expect(await importPreferences(world.deps, { accountId: fresh, bytes: file(`number,preference\n${number(1)},1\n${number(1)},3\n${number(2)},2\n`) })).toMatchObject({ numbers: 2, accepted: 3, warnings: [] });
    expect(await world.db.selectFrom("preferences").where("account_id", "=", fresh).select(["categories"]).orderBy("categories").execute()).toEqual([{ categories: [1, 3] }, { categories: [2] }]);
  });

  it("lets no older row undo a newer one of an earlier import", async () => {
    const number = testNumber;
    await take(`number,preference,date\n${number(51)},FULLY BLOCK,2024-01-01\n`);
    expect(await take(`number,preference,date\n${number(51)},none,2019-01-01\n`)).toMatchObject({ numbers: 0, warnings: ["1 numbers keep what a newer row on file says of them"] });
    expect(await stored(51)).toMatchObject({ scheme: "full_block" });
    await take(`number,preference,date\n${number(51)},none,2025-01-01\n`);
    expect(await stored(51)).toMatchObject({ scheme: "none" });
    await take(`number,preference\n${number(52)},FULLY BLOCK\n`);
    await take(`number,preference,date\n${number(52)},none,2019-01-01\n`);
    expect(await stored(52)).toMatchObject({ scheme: "full_block" });
  });

  it("closes a number in doubt until the right row comes, whatever its date", async () => {
    const number = testNumber;
    await take(`number,preference,date\n${number(61)},-,1925-01-01\n${number(62)},-,2024-01-01\n`);
    for (const tail of [61, 62]) expect(await stored(tail)).toMatchObject({ scheme: "full_block" });
    await take(`number,preference,date\n${number(61)},3,2025-01-01\n${number(62)},3,2024-01-01\n`);
    for (const tail of [61, 62]) expect(await stored(tail)).toMatchObject({ scheme: "partial", categories: [3] });
  });

  it("with START in any row reads mere codes as of the scheme of 2010", async () => {
    const report = await take(`number,preference\n${testNumber(71)},"3,4"\n${testNumber(72)},START 3\n${testNumber(73)},BLOCK 3\n`);
    expect(report.warnings).toMatchObject([expect.stringContaining("START")]);
    for (const tail of [71, 72]) expect(await stored(tail)).toMatchObject({ scheme: "legacy", categories: [] });
    expect(await stored(73)).toMatchObject({ scheme: "partial", categories: [3] });
  });

  it("names the columns it could not read, and is refused when no preference is among those it could", async () => {
    const report = await take(`number,name,preference,churn score\n${testNumber(81)},Asha,3,7\n`);
    expect(report.warnings).toEqual(['columns that were not read: "churn score"']);
    await expect(take(`number,name,choice\n${testNumber(82)},Asha,3\n`)).rejects.toMatchObject({ status: 422, code: "no_preference_column" });
  });

  it("of bare numbers closes each of them, the first too", async () => {
    expect(await take(`'${testNumber(91).slice(3)}\n${testNumber(92).slice(3)}.0\n`)).toMatchObject({ rows: 2, rejected: 2, closed_in_doubt: 2 });
    for (const tail of [91, 92]) expect(await stored(tail)).toMatchObject({ scheme: "full_block" });
  });

  it("in the format of 2010 closes everybody it names", async () => {
    const text = `Service Area Code,Phone Numbers,Preferences,Opstype,PhoneType\n1,${testNumber(31)},"3,4",A,1\n1,${testNumber(32)},0,D,1\n`;
    expect(await importPreferences(world.deps, { accountId: account, bytes: file(text) })).toMatchObject({ accepted: 2, rejected: 0 });
    expect(await stored(31)).toMatchObject({ scheme: "legacy" });
    expect(await stored(32)).toMatchObject({ scheme: "none" });
  });

  it("of one account is not another's", async () => {
    const other = await world.rows.account("Other");
    await importPreferences(world.deps, { accountId: other, bytes: file(`number,preference\n${testNumber(1)},FULLY BLOCK\n`) });
    expect(await stored(1)).toMatchObject({ scheme: "partial" });
  });
});
