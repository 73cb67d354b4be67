import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failAbandonedImports } from "../../src/intake/fail-abandoned-imports.ts";
import { importContactList } from "../../src/intake/import-contact-list.ts";
import { importContacts } from "../../src/intake/import-contacts.ts";
import { getImport } from "../../src/intake/import-report.ts";
import { importLimits } from "../../src/intake/import-limits.ts";
import { rejectsCsv } from "../../src/intake/rejects-csv.ts";
import type { AccountId, ImportId } from "../../src/domain/ids.ts";
import { intakeFixture, textOf } from "./intake-fixture.ts";

let world: Awaited<ReturnType<typeof intakeFixture>>;
beforeAll(async () => {
  world = await intakeFixture();
});
afterAll(() => world.close());

const mixedList = [
  "Mobile No.,Name,Amount Due,Due Date,Language,Branch",
  "98765 43210,आशा,\"₹ 1,20,000.50\",25/12/2026,Hindi,Pune",
  "+91-98765-43211,Ravi,4500,2026-12-26,,Pune",
  "9.87654E+09,Tara,4500,2026-12-26,,Pune",
  "1600123456,Uma,4500,2026-12-26,,Pune",
  "98765 43212,Meena,lots,31/02/2026,,Pune",
  "098765 43210,Asha again,4500,2026-12-26,,Pune",
  "98765 43213,Short,4500",
].join("\n");

describe("importing a list", () => {
  it("keeps the good rows sealed and reports each bad one with line, column, value and reason", async () => {
    const campaignId = await world.newCampaign();
    const report = await world.importText(campaignId, mixedList);
    expect(report).toMatchObject({
      state: "done",
      rows: 7,
      accepted: 2,
      rejected: 5,
      duplicates: 1,
      rejectsByReason: { scientific_notation: 1, special_series: 1, not_money: 1, duplicate_in_file: 1, too_few_fields: 1 },
    });
    expect(report.rejects.map(({ line, column, value, reason }) => [line, column, value, reason])).toEqual([
      [4, "Mobile No.", "9.87654E+09", "scientific_notation"],
      [5, "Mobile No.", "1600123456", "special_series"],
      [6, "Amount Due", "lots", "not_money"],
      [6, "Due Date", "31/02/2026", "impossible_date"],
      [7, null, null, "duplicate_in_file"],
      [8, null, null, "too_few_fields"],
    ]);
    expect(report.rejects[4]?.message).toContain("line 2");
    expect(await world.contacts(campaignId)).toMatchObject([
      { phone: "+919876543210", name: "आशा", language: "hi-IN", state: "waiting", variables: { amount_due: 12_000_050, due_date: "2026-12-25" } },
      { phone: "+919876543211", name: "Ravi", language: "hi-IN", variables: { amount_due: 450_000, due_date: "2026-12-26" } },
    ]);
  });

  it("R5.8 leaves no number and no name readable in the database", async () => {
    const campaignId = await world.newCampaign();
    await world.importText(campaignId, "phone,name,amount_due\n9812345670,Canary Kumari,1\n9812345670,Canary Kumari,1\n12,Canary Kumari,1\n");
    for (const table of ["contacts", "imports", "import_rejects"]) {
      const dump = await world.deps.pool.query<{ text: string }>(`select coalesce(string_agg(t::text, ' '), '') as text from ${table} t`);
      expect(dump.rows[0]?.text).not.toMatch(/9812345670|Canary|43616e617279|39383132333435363730/);
    }
  });

  it("gives the rejects back as a CSV that, corrected, comes in whole", async () => {
    const campaignId = await world.newCampaign();
    const { importId } = await world.importText(campaignId, mixedList);
    const csv = await textOf(await rejectsCsv(world.deps, { accountId: world.accountId, importId }));
    const rows = parse(csv, { bom: true });
    expect(rows[0]).toEqual(["Mobile No.", "Name", "Amount Due", "Due Date", "Language", "Branch", "line", "reason"]);
    expect(rows.map((row) => row[6])).toEqual(["line", "4", "5", "6", "7", "8"]);
    expect(rows[3]?.[7]).toContain("Amount Due: expected an amount");
    expect(rows[3]?.[7]).toContain("Due Date: the calendar has no such day");

    const corrected = csv
      .replace("9.87654E+09", "9876543220")
      .replace("1600123456", "9876543221")
      .replace("lots", "5000")
      .replace("31/02/2026", "28/02/2027")
      .replace("098765 43210", "9876543222")
      .replace("4500,,,,", "4500,2026-12-26,,Pune,");
    const second = await world.importText(campaignId, corrected);
    expect(second).toMatchObject({ rows: 5, accepted: 5, rejected: 0 });
    expect(await world.contacts(campaignId)).toHaveLength(7);
  });

  it("does not let a rejected cell become a formula in the operator's spreadsheet, and takes the apostrophe off again", async () => {
    const campaignId = await world.newCampaign();
    const { importId } = await world.importText(campaignId, 'phone,name,amount_due\n+919876543210,"=HYPERLINK(""http://x"")",1\n+919876543211,-2+3,x\n@SUM(1),@x,1\n');
    const csv = await textOf(await rejectsCsv(world.deps, { accountId: world.accountId, importId }));
    for (const cell of parse(csv, { bom: true }).flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    const second = await world.importText(campaignId, csv.replace("'=HYPERLINK(\"\"http://x\"\")", "Asha"));
    expect(second).toMatchObject({ accepted: 1, rejected: 2 });
    expect((await world.contacts(campaignId))[0]).toMatchObject({ phone: "+919876543210" });
  });

  it("gives a rejected cell of several lines back as one cell", async () => {
    const campaignId = await world.newCampaign();
    const { importId } = await world.importText(campaignId, 'phone,name,note,amount_due\n12,Asha,"line1\nline2",1\n13,Ravi,"a ""b"",\n\nc",2\n');
    const csv = await textOf(await rejectsCsv(world.deps, { accountId: world.accountId, importId }));
    expect(parse(csv, { bom: true }).map((row) => row.slice(0, 5))).toEqual([
      ["phone", "name", "note", "amount_due", "line"],
      ["12", "Asha", "line1\nline2", "1", "2"],
      ["13", "Ravi", 'a "b",\n\nc', "2", "4"],
    ]);
    expect(await world.importText(campaignId, csv.replace("12,", "9876543210,").replace("13,", "9876543211,"))).toMatchObject({ accepted: 2, rejected: 0 });
  });

  it("maps columns as told and says which it ignored", async () => {
    const campaignId = await world.newCampaign();
    const report = await world.importText(campaignId, "A;B;C\n9876543210;Asha;4500\n", { mapping: { phone: "a", name: "B", amount_due: "C" } });
    expect(report).toMatchObject({ accepted: 1 });
  });

  it("does not believe dd/mm dates of a column in which another row has the month first", async () => {
    const campaignId = await world.newCampaign();
    const report = await world.importText(
      campaignId,
      "phone,amount_due,due_date\n9876543210,1,03/04/2027\n9876543211,1,12/25/2026\n9876543212,1,2026-12-26\n9876543213,1,05/05/2027\n",
    );
    expect(report).toMatchObject({ accepted: 2, rejectsByReason: { ambiguous_date: 1, month_first_date: 1 } });
    expect(report.rejects[0]).toMatchObject({ line: 2, column: "due_date", reason: "ambiguous_date" });
    expect((await world.contacts(campaignId)).map((contact) => contact.phone).sort()).toEqual(["+919876543212", "+919876543213"]);
  });

  it("plans a contact with not_before for that instant", async () => {
    const campaignId = await world.newCampaign();
    await world.importText(campaignId, "phone,amount_due,not_before\n9876543210,1,2026-12-03 15:00\n9876543211,1,\n");
    const [later, now] = await world.contacts(campaignId);
    expect(later?.nextAttemptAt?.toISOString()).toBe("2026-12-03T09:30:00.000Z");
    expect(now?.nextAttemptAt?.toISOString()).toBe("2026-12-01T04:30:00.000Z");
  });
});

describe("numbers that come twice", () => {
  const list = "phone,name,amount_due\n9876543210,first,1\n9876543211,other,1\n09876543210,last,1\n";
  const names = async (campaignId: Awaited<ReturnType<typeof world.newCampaign>>) => (await world.contacts(campaignId)).map((contact) => contact.name).sort();

  it("keep_first keeps the first row and the campaign's contact", async () => {
    const campaignId = await world.newCampaign();
    expect(await world.importText(campaignId, list)).toMatchObject({ accepted: 2, rejected: 1, duplicates: 1 });
    expect(await names(campaignId)).toEqual(["first", "other"]);
    const again = await world.importText(campaignId, "phone,name,amount_due\n9876543210,newer,1\n9876543299,new,1\n");
    expect(again).toMatchObject({ accepted: 1, rejectsByReason: { duplicate_in_campaign: 1 } });
    expect(await names(campaignId)).toEqual(["first", "new", "other"]);
  });

  it("replace keeps the last row and gives waiting contacts the new data under their own id", async () => {
    const campaignId = await world.newCampaign();
    expect(await world.importText(campaignId, list, { onDuplicate: "replace" })).toMatchObject({ accepted: 2, rejected: 1, duplicates: 1 });
    expect(await names(campaignId)).toEqual(["last", "other"]);
    const before = (await world.contacts(campaignId)).find((contact) => contact.name === "last");
    const report = await world.importText(campaignId, "phone,name,amount_due\n9876543210,newest,99\n9876543211,changed,1\n", { onDuplicate: "replace" });
    expect(report).toMatchObject({ rows: 2, accepted: 2, rejected: 0, duplicates: 2 });
    const after = (await world.contacts(campaignId)).find((contact) => contact.id === before?.id);
    expect(after).toMatchObject({ name: "newest", variables: { amount_due: 9_900 }, importId: report.importId });
    expect(await names(campaignId)).toEqual(["changed", "newest"]);
  });

  it("replace does not touch a contact whose call has begun", async () => {
    const campaignId = await world.newCampaign();
    await world.importText(campaignId, list);
    await world.deps.db.updateTable("contacts").set({ state: "planned" }).where("campaign_id", "=", campaignId).execute();
    const report = await world.importText(campaignId, "phone,name,amount_due\n9876543210,newest,99\n", { onDuplicate: "replace" });
    expect(report).toMatchObject({ accepted: 0, rejectsByReason: { contact_in_progress: 1 } });
    expect(await names(campaignId)).toEqual(["first", "other"]);
  });

  it("reject refuses every row that shares a number: nobody guesses which is right", async () => {
    const campaignId = await world.newCampaign();
    const report = await world.importText(campaignId, list, { onDuplicate: "reject" });
    expect(report).toMatchObject({ accepted: 1, rejected: 2, duplicates: 2 });
    expect(report.rejects.map((reject) => reject.message)).toEqual([expect.stringContaining("line 4"), expect.stringContaining("line 2")]);
    expect(await names(campaignId)).toEqual(["other"]);
  });

  it("two imports of one list at once make each contact once", async () => {
    const campaignId = await world.newCampaign();
    const rows = Array.from({ length: 400 }, (_, at) => `${9_876_500_000 + at},n${at},1`).join("\n");
    const reports = await Promise.all([1, 2, 3].map(() => world.importText(campaignId, `phone,name,amount_due\n${rows}\n`)));
    expect(reports.map((report) => report.accepted).sort()).toEqual([0, 0, 400]);
    expect(await world.contacts(campaignId)).toHaveLength(400);
  });
});

describe("a long list", () => {
  const list = (rows: number) => `phone,amount_due\n${Array.from({ length: rows }, (_, at) => `${9_876_000_000 + (at % (rows / 2))},1\n`).join("")}`;

  it("is merged in a time that grows with its rows, not with their square, though no statistics know of it", async () => {
    const campaignId = await world.newCampaign();
    await world.deps.pool.query("analyze contacts, import_rows");
    expect(await world.importText(campaignId, list(6_000))).toMatchObject({ accepted: 3_000, rejectsByReason: { duplicate_in_file: 3_000 } });
    expect(await world.importText(campaignId, list(6_000))).toMatchObject({ accepted: 0, rejectsByReason: { duplicate_in_file: 3_000, duplicate_in_campaign: 3_000 } });
    expect(await world.importText(campaignId, list(2_000), { onDuplicate: "replace" })).toMatchObject({ accepted: 1_000, rejectsByReason: { duplicate_in_file: 1_000 } });
    expect(await world.countOf("import_rows")).toBe(0);
  });
});

describe("imports that cannot succeed", () => {
  it.each([
    ["empty_file", ""],
    ["no_rows", "phone,amount_due\n"],
    ["no_rows", "phone,amount_due\n\n,\n"],
    ["no_phone_column", "name,amount_due\nAsha,1\n"],
    ["missing_columns", "phone\n9876543210\n"],
  ])("%s leaves nothing behind", async (code, text) => {
    const campaignId = await world.newCampaign();
    const imports = await world.countOf("imports");
    await expect(world.importText(campaignId, text)).rejects.toMatchObject({ status: 422, code });
    expect(await world.countOf("imports")).toBe(imports);
    expect(await world.contacts(campaignId)).toEqual([]);
  });

  it("a cut connection leaves a failed import, no staged row and not one contact", async () => {
    const campaignId = await world.newCampaign();
    const cut = async function* () {
      yield Buffer.from("phone,amount_due\n");
      for (let batch = 0; batch < 50; batch++) yield Buffer.from(Array.from({ length: 100 }, (_, at) => `${9_876_500_000 + batch * 100 + at},1\n`).join(""));
      throw new Error("aborted");
    };
    await expect(importContacts(world.deps, { accountId: world.accountId, campaignId, source: cut(), mapping: {}, onDuplicate: "keep_first" })).rejects.toThrow("aborted");
    const row = await world.deps.db.selectFrom("imports").selectAll().where("campaign_id", "=", campaignId).executeTakeFirstOrThrow();
    expect(row).toMatchObject({ state: "failed", failure: "interrupted", accepted: 0 });
    expect(await world.contacts(campaignId)).toEqual([]);
    expect(await world.countOf("import_rows")).toBe(0);
  });

  it.each(["all", "some"])("when %s of the staged rows are gone before the merge, the import fails and makes not one contact", async (lost) => {
    const campaignId = await world.newCampaign();
    const source = async function* () {
      yield Buffer.from(`phone,amount_due\n${Array.from({ length: 1_000 }, (_, at) => `${9_876_500_000 + at},1\n`).join("")}`);
      await expect.poll(() => world.countOf("import_rows")).toBeGreaterThan(0);
      await world.deps.pool.query(lost === "all" ? "truncate import_rows" : "delete from import_rows where line = (select min(line) from import_rows)");
      yield Buffer.from(Array.from({ length: 1_000 }, (_, at) => `${9_876_510_000 + at},1\n`).join(""));
    };
    const importing = importContacts(world.deps, { accountId: world.accountId, campaignId, source: source(), mapping: {}, onDuplicate: "keep_first" });
    await expect(importing).rejects.toMatchObject({ status: 503, code: "staged_rows_lost", retryable: true });
    expect(await world.contacts(campaignId)).toEqual([]);
    expect(await world.deps.db.selectFrom("imports").select(["state", "failure", "accepted"]).where("campaign_id", "=", campaignId).execute()).toEqual([{ state: "failed", failure: "staged_rows_lost", accepted: 0 }]);
    expect(await world.countOf("import_rows")).toBe(0);
  });

  it("a limit passed on the way leaves a failed import and not one contact", async () => {
    const campaignId = await world.newCampaign();
    const rows = Array.from({ length: 300 }, (_, at) => `${9_876_500_000 + at},1`).join("\n");
    await expect(world.importText(campaignId, `phone,amount_due\n${rows}`, { limits: { ...importLimits, maxRows: 299 } })).rejects.toMatchObject({ status: 413, code: "too_many_rows" });
    expect(await world.contacts(campaignId)).toEqual([]);
    expect(await world.deps.db.selectFrom("imports").select(["state", "failure"]).where("campaign_id", "=", campaignId).execute()).toEqual([{ state: "failed", failure: "too_many_rows" }]);
  });

  it("a cancelled campaign takes no list, a finished one does", async () => {
    expect(await world.importText(await world.newCampaign("finished"), mixedList)).toMatchObject({ accepted: 2 });
    const campaignId = await world.newCampaign("cancelled");
    await expect(world.importText(campaignId, mixedList)).rejects.toMatchObject({ status: 409, code: "campaign_closed" });
  });

  it("another account's campaign and import do not exist", async () => {
    const campaignId = await world.newCampaign();
    const { importId } = await world.importText(campaignId, mixedList);
    const stranger: AccountId = await world.write.account("Stranger");
    await expect(world.importText(campaignId, mixedList, { accountId: stranger })).rejects.toMatchObject({ status: 404, code: "campaign_not_found" });
    await expect(getImport(world.deps, { accountId: stranger, importId })).rejects.toMatchObject({ status: 404 });
    await expect(rejectsCsv(world.deps, { accountId: stranger, importId })).rejects.toMatchObject({ status: 404 });
  });

  it("an import whose process died is marked failed, and its late end changes nothing", async () => {
    const campaignId = await world.newCampaign();
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const slow = async function* () {
      yield Buffer.from(`phone,amount_due\n${Array.from({ length: 3_000 }, (_, at) => `${9_876_500_000 + at},1\n`).join("")}`);
      begun.resolve();
      await gate.promise;
      yield Buffer.from("9876599999,1\n");
    };
    const importing = importContacts(world.deps, { accountId: world.accountId, campaignId, source: slow(), mapping: {}, onDuplicate: "keep_first" });
    await begun.promise;
    expect(await failAbandonedImports(world.deps)).toBe(0);
    world.clock.advance(61 * 60_000);
    expect(await failAbandonedImports(world.deps)).toBe(1);
    gate.resolve();
    await expect(importing).rejects.toMatchObject({ status: 409, code: "import_ended" });
    expect(await world.contacts(campaignId)).toEqual([]);
    expect(await world.countOf("import_rows")).toBe(0);
  });
});

describe("contacts as JSON", () => {
  const send = (campaignId: Awaited<ReturnType<typeof world.newCampaign>>, contacts: readonly unknown[]) =>
    importContactList(world.deps, { accountId: world.accountId, campaignId, contacts, onDuplicate: "keep_first" });

  it("pass the same checks as rows of a list", async () => {
    const campaignId = await world.newCampaign();
    const report = await send(campaignId, [
      { phone: "98765 43210", name: "Asha", variables: { amount_due: 4500.5, due_date: "2026-12-26" } },
      { phone: 9876543211, amount_due: "₹ 900/-" },
      { phone: "9876543212" },
      { phone: "9876543213", amount_due: 1, shoe_size: 42 },
      { phone: "9876543210", amount_due: 1 },
      "9876543214",
    ]);
    expect(report).toMatchObject({ rows: 6, accepted: 2, rejectsByReason: { empty: 1, unknown_key: 1, duplicate_in_file: 1, not_an_object: 1 } });
    expect(report.rejects.map((reject) => reject.line)).toEqual([3, 4, 5, 6]);
    expect(await world.contacts(campaignId)).toMatchObject([
      { phone: "+919876543210", name: "Asha", variables: { amount_due: 450_050, due_date: "2026-12-26" } },
      { phone: "+919876543211", variables: { amount_due: 90_000 } },
    ]);
  });

  it("may name their keys as lists name their columns", async () => {
    const campaignId = await world.newCampaign();
    const report = await send(campaignId, [
      { mobile: "9876543220", customer_name: "Asha", Amount_Due: 1 },
      { "Mobile No.": "9876543221", Lang: "Hindi", ref_id: "CRM-1", variables: { "Amount Due": 2 } },
    ]);
    expect(report).toMatchObject({ rows: 2, accepted: 2 });
    expect(await world.contacts(campaignId)).toMatchObject([
      { phone: "+919876543220", name: "Asha", variables: { amount_due: 100 } },
      { phone: "+919876543221", language: "hi-IN", externalId: "CRM-1", variables: { amount_due: 200 } },
    ]);
  });

  it("are told every key that names nothing, or what another key names", async () => {
    const report = await send(await world.newCampaign(), [
      { phone: "9876543230", amount_due: 1, shoe_size: 42, variables: { colour: "red" } },
      { phone: "9876543231", mobile: "9876543232", amount_due: 1 },
      { phone: "9876543233", variables: "amount_due=1" },
    ]);
    expect(report.rejects).toMatchObject([
      { line: 1, column: "shoe_size", value: "42", reason: "unknown_key" },
      { line: 1, column: "colour", value: "red", reason: "unknown_key" },
      { line: 2, column: "mobile", reason: "same_key_twice" },
      { line: 3, column: "variables", reason: "not_an_object" },
      { line: 3, column: "amount_due", reason: "empty" },
    ]);
    expect(JSON.stringify(await world.deps.db.selectFrom("import_rejects").select("column_name").where("import_id", "=", report.importId).execute())).not.toMatch(/shoe_size|mobile/);
  });

  it("an empty list is refused", async () => {
    await expect(send(await world.newCampaign(), [])).rejects.toMatchObject({ status: 422, code: "no_rows" });
  });

  it("an unknown import is refused", async () => {
    const importId = "01900000-0000-7000-8000-000000000000" as ImportId;
    await expect(getImport(world.deps, { accountId: world.accountId, importId })).rejects.toMatchObject({ status: 404, code: "import_not_found" });
  });
});
