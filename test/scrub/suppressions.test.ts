import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountId } from "../../src/domain/ids.ts";
import { importSuppressions } from "../../src/scrub/import-suppressions.ts";
import { addSuppressions, liftSuppression, listSuppressions } from "../../src/scrub/suppressions.ts";
import { testNumber } from "../support/rows.ts";
import { file, scrubWorld } from "./scrub-fixture.ts";

let world: Awaited<ReturnType<typeof scrubWorld>>;
let account: AccountId;
beforeAll(async () => {
  world = await scrubWorld();
  account = await world.rows.account();
});
afterAll(() => world.close());

const contactStates = (numberKey: string) => world.db.selectFrom("contacts").where("number_key", "=", numberKey as never).where("account_id", "=", account).select(["state", "blocked_reason"]).orderBy("id").execute();

describe("the do-not-call list", () => {
  it("takes numbers however they are typed and blocks them in every campaign of the account at once", async () => {
    const number = testNumber(1);
    const first = await world.rows.campaign(account);
    const second = await world.rows.campaign(account, { state: "draft" });
    await world.rows.contact(account, first, number);
    await world.rows.contact(account, second, number);
    await world.rows.contact(account, first, testNumber(2));
    const written = `0${number.slice(3, 8)} ${number.slice(8)}`;
    expect(await addSuppressions(world.deps, { accountId: account, numbers: [written, number], reason: "asked by post" })).toEqual({ added: 1, already: 0, contacts_blocked: 2 });
    expect(await contactStates(world.vault.numberKey(number))).toEqual([
      { state: "blocked", blocked_reason: "suppressed" },
      { state: "blocked", blocked_reason: "suppressed" },
    ]);
    expect(await contactStates(world.vault.numberKey(testNumber(2)))).toEqual([{ state: "waiting", blocked_reason: null }]);
    const evidence = await world.db.selectFrom("evidence").where("number_key", "=", world.vault.numberKey(number)).select(["decision", "code", "ist", "body"]).execute();
    expect(evidence).toHaveLength(2);
    expect(evidence[0]).toMatchObject({ decision: "never", code: "suppressed", ist: "2026-11-23T12:00:00.000+05:30", body: { reason: "asked by post", source: "operator" } });
  });

  it("refuses a request with an unreadable number as a whole, naming each", async () => {
    const before = await listSuppressions(world.deps, { accountId: account, limit: 100 });
    const asked = addSuppressions(world.deps, { accountId: account, numbers: [testNumber(3), "12", "9.87E+09"], reason: "x" });
    await expect(asked).rejects.toMatchObject({ status: 422, code: "invalid_numbers", errors: [{ path: "numbers.1" }, { path: "numbers.2" }] });
    expect(await listSuppressions(world.deps, { accountId: account, limit: 100 })).toEqual(before);
    await expect(addSuppressions(world.deps, { accountId: account, numbers: [], reason: "x" })).rejects.toMatchObject({ status: 422 });
  });

  it("is shown page by page with the numbers, the newest first, and can be asked for one number", async () => {
    const other = await world.rows.account("Other");
    for (const tail of [11, 12, 13]) {
      await addSuppressions(world.deps, { accountId: other, numbers: [testNumber(tail)], reason: `r${tail}` });
      world.clock.advance(1_000);
    }
    const page = await listSuppressions(world.deps, { accountId: other, limit: 2 });
    expect(page.items.map((item) => [item.number, item.reason, item.source])).toEqual([
      [testNumber(13), "r13", "operator"],
      [testNumber(12), "r12", "operator"],
    ]);
    const rest = await listSuppressions(world.deps, { accountId: other, limit: 2, cursor: page.next ?? "" });
    expect(rest).toMatchObject({ items: [{ number: testNumber(11) }], next: null });
    expect((await listSuppressions(world.deps, { accountId: other, limit: 2, number: testNumber(11) })).items).toHaveLength(1);
    await expect(listSuppressions(world.deps, { accountId: other, limit: 2, cursor: "nonsense" })).rejects.toMatchObject({ code: "invalid_cursor" });
  });

  it("lets a number go when lifted, and its blocked contacts wait again; another account's list is not touched", async () => {
    const number = testNumber(21);
    const other = await world.rows.account("Other");
    const campaign = await world.rows.campaign(account);
    const finished = await world.rows.campaign(account, { state: "finished" });
    await world.rows.contact(account, campaign, number);
    await world.rows.contact(account, finished, number);
    await addSuppressions(world.deps, { accountId: account, numbers: [number], reason: "x" });
    await addSuppressions(world.deps, { accountId: other, numbers: [number], reason: "x" });
    expect(await liftSuppression(world.deps, { accountId: account, number })).toEqual({ contacts_freed: 1 });
    expect((await contactStates(world.vault.numberKey(number))).map((contact) => contact.state).sort()).toEqual(["blocked", "waiting"]);
    expect((await listSuppressions(world.deps, { accountId: other, limit: 5, number })).items).toHaveLength(1);
    await expect(liftSuppression(world.deps, { accountId: account, number })).rejects.toMatchObject({ status: 404, code: "not_suppressed" });
    expect(await addSuppressions(world.deps, { accountId: account, numbers: [number], reason: "again" })).toMatchObject({ added: 1 });
  });

  it("of the platform cannot be lifted by an account", async () => {
    const number = testNumber(31);
    await world.db.insertInto("suppressions").values({ id: "01900000-0000-7000-8000-000000000001", account_id: null, number_key: world.vault.numberKey(number), number_sealed: null, reason: "regulator", source: "platform", created_at: new Date(world.clock.nowMs()) }).execute();
    await expect(liftSuppression(world.deps, { accountId: account, number })).rejects.toMatchObject({ status: 403, code: "platform_suppression" });
  });
});

describe("a do-not-call file", () => {
  it("is taken with any header, bad rows are named, the rest is kept", async () => {
    const account = await world.rows.account("With a file");
    const campaign = await world.rows.campaign(account);
    await world.rows.contact(account, campaign, testNumber(41));
    const text = `\ufeffSr No;Mobile No.;Reason\r\n1;${testNumber(41)};"moved; do not call"\r\n2;98765;x\r\n;;\r\n3;${testNumber(42)};\r\n4;"broken;x\r\n5;${testNumber(41)};twice\r\n`;
    const report = await importSuppressions(world.deps, { accountId: account, bytes: file(text), reason: "old system" });
    expect(report).toMatchObject({
      rows: 5,
      added: 2,
      already: 0,
      rejected: 2,
      contacts_blocked: 1,
      rejects_by_reason: { number_too_short: 1, broken_quotes: 1 },
      rejects: [
        { line: 3, column: "Mobile No.", reason: "number_too_short" },
        { line: 6, column: null, reason: "broken_quotes" },
      ],
    });
    const { items } = await listSuppressions(world.deps, { accountId: account, limit: 2 });
    expect(items.map((item) => [item.number, item.reason, item.source]).sort()).toEqual([
      [testNumber(41), "moved; do not call", "import"],
      [testNumber(42), "old system", "import"],
    ]);
    expect(await importSuppressions(world.deps, { accountId: account, bytes: file(text) })).toMatchObject({ added: 0, already: 2 });
  });

  it("may be a bare column of numbers, with or without a title", async () => {
    const fresh = await world.rows.account("Fresh");
    expect(await importSuppressions(world.deps, { accountId: fresh, bytes: file(`${testNumber(51)}\n${testNumber(52)}\n`) })).toMatchObject({ rows: 2, added: 2 });
    expect(await importSuppressions(world.deps, { accountId: fresh, bytes: file(`do not call\n${testNumber(53)}`) })).toMatchObject({ rows: 1, added: 1 });
  });

  it("without a title keeps its first number too, however a spreadsheet wrote it", async () => {
    const fresh = await world.rows.account("Fresh");
    const written = (tail: number) => testNumber(tail).slice(3);
    for (const [at, first] of [`'${written(81)}`, `${written(82)}.0`, `(+91) ${written(83)}`, `${written(84).slice(0, 5)}.${written(84).slice(5)}`].entries()) {
      expect(await importSuppressions(world.deps, { accountId: fresh, bytes: file(`${first}\n${written(90 + at)}\n`) })).toMatchObject({ rows: 2, added: 2, rejected: 0 });
    }
    const mangled = await importSuppressions(world.deps, { accountId: fresh, bytes: file(`9.19E+11\n${written(94)}\n`) });
    expect(mangled).toMatchObject({ added: 1, rejects: [{ line: 1, reason: "number_scientific_notation", message: expect.stringContaining("format the column as text") }] });
  });

  it("may hold several numbers of a person, and names beside them", async () => {
    const fresh = await world.rows.account("Fresh");
    const text = `Contact,Mobile,Alternate Mobile,Phone 2\nRavi,${testNumber(71)},${testNumber(72)},\n,${testNumber(73)},,12\nAsha,,,\n`;
    expect(await importSuppressions(world.deps, { accountId: fresh, bytes: file(text) })).toMatchObject({ rows: 3, added: 3, rejects: [{ line: 3, column: "Phone 2", reason: "number_too_short" }, { line: 4, column: "Contact" }] });
  });

  it("that is no such file is refused and changes nothing", async () => {
    const fresh = await world.rows.account("Fresh");
    const refused = async (text: string) => importSuppressions(world.deps, { accountId: fresh, bytes: file(text) });
    await expect(refused("")).rejects.toMatchObject({ code: "empty_file" });
    await expect(refused("name,city\nAsha,Pune\n")).rejects.toMatchObject({ code: "no_number_column" });
    await expect(refused(`1,${testNumber(61)}\n2,${testNumber(62)}\n`)).rejects.toMatchObject({ code: "header_missing" });
    await expect(refused(`number\n${testNumber(61)}\n${"9".repeat(20_000)}`)).rejects.toMatchObject({ code: "line_too_long" });
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`number\n${testNumber(61)}\n`);
      throw new Error("the upload broke off");
    }
    await expect(importSuppressions(world.deps, { accountId: fresh, bytes: broken() })).rejects.toThrow("broke off");
    expect((await listSuppressions(world.deps, { accountId: fresh, limit: 5 })).items).toEqual([]);
    expect(await importSuppressions(world.deps, { accountId: fresh, bytes: file(`number\n${testNumber(61)}\n`) })).toMatchObject({ added: 1 });
  });
});
