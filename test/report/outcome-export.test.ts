import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { Readable, Writable } from "node:stream";
import { constants, inflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AccountId, CampaignId } from "../../src/domain/ids.ts";
import { spreadsheetSafe } from "../../src/domain/spreadsheet-csv.ts";
import type { Vault } from "../../src/domain/vault.ts";
import { outcomeColumns, type OutcomeRow } from "../../src/report/outcome-columns.ts";
import { writeOutcomeCsv, writeOutcomeNdjson } from "../../src/report/outcome-files.ts";
import { writeOutcomeXlsx } from "../../src/report/outcome-xlsx.ts";
import { outcomeRows } from "../../src/report/outcome-rows.ts";
import { manualClock } from "../support/clock.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { rowWriter, testNumber } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";

/** The sheet inside a workbook: found by its local header and inflated to the end of its stream. */
function sheetOf(workbook: Buffer, sheet = 1): string {
  const name = workbook.indexOf(`xl/worksheets/sheet${sheet}.xml`);
  const nameBytes = workbook.readUInt16LE(name - 4);
  const extraBytes = workbook.readUInt16LE(name - 2);
  return inflateRawSync(workbook.subarray(name + nameBytes + extraBytes), { finishFlush: constants.Z_SYNC_FLUSH }).toString("utf8");
}

const sink = () => {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return { stream, bytes: () => Buffer.concat(chunks), text: () => Buffer.concat(chunks).toString("utf8") };
};

describe("the outcome export", () => {
  let database: TestDatabase;
  let vault: Vault;
  let account: AccountId;
  let campaign: CampaignId;
  const clock = manualClock("2026-12-01T11:00");

  beforeAll(async () => {
    database = await testDatabase();
    vault = testVault(database.db);
    const rows = rowWriter(database.db, clock, vault);
    account = await rows.account();
    campaign = await rows.campaign(account);
    const reached = await rows.contact(account, campaign, testNumber(1), { state: "done", next_attempt_at: null, name: '=HYPERLINK("x")', disposition: "promise_to_pay" });
    const attempt = await rows.attempt(reached, { state: "ended" });
    const sealer = await vault.forAccount(account);
    await database.db
      .insertInto("outcomes")
      .values({
        contact_id: reached,
        account_id: account,
        campaign_id: campaign,
        attempt_id: attempt,
        disposition: "promise_to_pay",
        fields_sealed: sealer.seal("outcomes.fields", reached, JSON.stringify({ amount: 450_050, date: "2026-12-05" })),
        summary_sealed: null,
        language: "hi-IN",
        answered_by: "person",
        hangup_by: "agent",
        failure_class: null,
        carrier_code: null,
        recording_consent: null,
        latency_p50_ms: 640,
        latency_p95_ms: 900,
        duration_seconds: 42,
        answered_at: new Date(clock.nowMs()),
        first_attempt_at: new Date(clock.nowMs()),
        last_attempt_at: new Date(clock.nowMs()),
        attempts: 1,
        cost_paise: 1_234,
        recorded_at: new Date(clock.nowMs()),
      })
      .execute();
    await rows.contact(account, campaign, testNumber(2), { state: "blocked", next_attempt_at: null, blocked_reason: "suppressed" });
    for (let more = 0; more < 40; more++) await rows.contact(account, campaign, testNumber(100 + more));
  });
  afterAll(() => database.close());

  const csv = async (): Promise<Record<string, string>[]> => {
    const { stream, text } = sink();
    await writeOutcomeCsv(outcomeRows({ db: database.db, vault }, { accountId: account, campaignId: campaign }), stream);
    return parse(text(), { columns: true, bom: true });
  };

  test("has one row per contact, also of those never dialed, and the contract's columns in order", async () => {
    const rows = await csv();
    expect(rows).toHaveLength(42);
    expect(Object.keys(rows[0] ?? {})).toEqual([...outcomeColumns]);
    expect(rows.find((row) => row["state"] === "blocked")).toMatchObject({ blocked_reason: "suppressed", disposition: "", disposition_fields: "{}" });
  });

  test("shows money in rupees, instants in Indian time, and a name that would be a formula as text", async () => {
    const row = (await csv()).find((one) => one["disposition"] === "promise_to_pay");
    expect(row).toMatchObject({
      phone: "+916000010001",
      name: '\'=HYPERLINK("x")',
      disposition_fields: '{"amount":4500.5,"date":"2026-12-05"}',
      cost_inr: "12.34",
      answered_at: "2026-12-01T11:00:00.000+05:30",
    });
  });

  test("lets others have a turn while it opens the rows of a page", async () => {
    const own = await rowWriter(database.db, clock, vault).campaign(account);
    const writer = rowWriter(database.db, clock, vault);
    for (let more = 0; more < 120; more++) await writer.contact(account, own, testNumber(300 + more));
    const rows = outcomeRows({ db: database.db, vault }, { accountId: account, campaignId: own });
    await rows.next();
    let turns = 0;
    let isRead = false;
    const others = (): void => {
      turns += 1;
      if (!isRead) setImmediate(others);
    };
    setImmediate(others);
    for await (const row of rows) expect(row.campaign_id).toBe(own);
    isRead = true;
    expect(turns).toBeGreaterThan(1);
  });

  test("gives exact values as NDJSON", async () => {
    const { stream, text } = sink();
    await writeOutcomeNdjson(outcomeRows({ db: database.db, vault }, { accountId: account, campaignId: campaign, disposition: "promise_to_pay" }), stream);
    const rows = text().trim().split("\n").map((line) => JSON.parse(line) as OutcomeRow);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ phone: "+916000010001", name: '=HYPERLINK("x")', disposition_fields: { amount: 4500.5 } });
  });

  test("is a workbook whose sheet has every row, with texts as texts", async () => {
    const chunks: Buffer[] = [];
    const stream = new Writable({ write: (chunk: Buffer, _encoding, done) => (chunks.push(chunk), done()) });
    await writeOutcomeXlsx(outcomeRows({ db: database.db, vault }, { accountId: account, campaignId: campaign }), stream);
    const stdout = sheetOf(Buffer.concat(chunks));
    expect(stdout.match(/<row>/g)).toHaveLength(43);
    expect(stdout).toContain('<t xml:space="preserve">=HYPERLINK("x")</t>');
    expect(stdout).toContain("<v>12.34</v>");
  });

  test("is refused to another account", async () => {
    const stranger = await rowWriter(database.db, clock, vault).account("Somebody else");
    await expect(outcomeRows({ db: database.db, vault }, { accountId: stranger, campaignId: campaign }).next()).rejects.toMatchObject({ status: 404 });
  });

  const noRow: OutcomeRow = { ...(Object.fromEntries(outcomeColumns.map((column) => [column, null])) as Omit<OutcomeRow, "disposition_fields">), disposition_fields: {} };

  test("R5.5 hands ten thousand hostile texts to a spreadsheet without one formula, and to a machine exactly", async () => {
    const hostile = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.tuple(fc.constantFrom("=", "+", "-", "@", "\t", "\r", "\n", "\0", "|", "%", "＝", "＋", '"=', "'="), fc.string({ maxLength: 20 })).map((parts) => parts.join("")),
      fc.constantFrom("=cmd|' /C calc'!A0", '=HYPERLINK("http://x")', "@SUM(1)", "\u2028=1", "a\r\n=1", '","=1'),
    );
    const texts = fc.sample(hostile, { numRuns: 10_000, seed: 55 });
    const rows = Array.from({ length: texts.length / 4 }, (_, at): OutcomeRow => {
      const [name = "", summary = "", external_id = "", note = ""] = texts.slice(at * 4, at * 4 + 4);
      return { ...noRow, name, summary, external_id, disposition_fields: { note } };
    });
    const [csvFile, ndjsonFile] = [sink(), sink()];
    await writeOutcomeCsv(Readable.from(rows), csvFile.stream);
    await writeOutcomeNdjson(Readable.from(rows), ndjsonFile.stream);
    const cells = parse(csvFile.text(), { bom: true });
    expect(cells).toHaveLength(rows.length + 1);
    const nameAt = outcomeColumns.indexOf("name");
    expect(cells.slice(1).map((row) => row[nameAt]?.replace(/^'/, ""))).toEqual(rows.map((row) => String(row.name).replace(/^'/, "")));
    expect(cells.flat().filter((cell) => /^[=+\-@\t\r\n\0|%＝＋－＠]/.test(cell))).toEqual([]);
    expect(ndjsonFile.text().split("\n").slice(0, -1).map((line) => JSON.parse(line) as OutcomeRow)).toEqual(rows);
  });

  test("goes on in a second sheet where the first may hold no more, and cuts a text no cell may hold", async () => {
    const rows = Array.from({ length: 5 }, (_, at): OutcomeRow => ({ ...noRow, name: `n${at}`, summary: "x".repeat(40_000) }));
    const { stream, bytes } = sink();
    await writeOutcomeXlsx(Readable.from(rows), stream, { sheetRows: 3 });
    const sheets = [1, 2, 3].map((sheet) => sheetOf(bytes(), sheet));
    expect(sheets.map((sheet) => [...sheet.matchAll(/>(n\d)</g)].map((found) => found[1]))).toEqual([["n0", "n1"], ["n2", "n3"], ["n4"]]);
    for (const sheet of sheets) expect(sheet).toContain(">campaign_id<");
    expect(new Set(sheets[0]?.match(/x+/g)?.map((run) => run.length).filter((length) => length > 100))).toEqual(new Set([32_767]));
    expect(bytes().includes("xl/worksheets/sheet4.xml")).toBe(false);
  });

  test("writes the number as one value in every format, and only a number so in the CSV", async () => {
    const numbers = ["+919876543210", "+91=1+1", "+SUM(1)", "+9198765432101234567"];
    const csvFile = sink();
    await writeOutcomeCsv(Readable.from(numbers.map((phone): OutcomeRow => ({ ...noRow, phone }))), csvFile.stream);
    const phones = parse(csvFile.text(), { bom: true, columns: true }).map((row) => (row as Record<string, string>)["phone"]);
    expect(phones).toEqual(["+919876543210", "'+91=1+1", "'+SUM(1)", "'+9198765432101234567"]);
    const { stream, bytes } = sink();
    await writeOutcomeXlsx(Readable.from([{ ...noRow, phone: "+919876543210" }]), stream);
    expect(sheetOf(bytes())).toContain(">+919876543210<");
  });

  test("of a list that fails on the way is broken off, in every format", async () => {
    const failing = async function* (): AsyncGenerator<OutcomeRow> {
      for (let n = 0; n < 500; n += 1) yield { ...noRow, name: "x".repeat(100) };
      throw new Error("the database went away");
    };
    for (const write of [writeOutcomeCsv, writeOutcomeNdjson, writeOutcomeXlsx]) {
      const { stream } = sink();
      await expect(write(failing(), stream)).rejects.toThrow("the database went away");
      expect(stream.destroyed).toBe(true);
    }
  });

  test("never hands a spreadsheet a formula, whatever a cell holds", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom("=", "+", "-", "@", "\t", "\r", "\0").chain((start) => fc.string().map((rest) => start + rest))), (text) => {
        expect(spreadsheetSafe(text)).not.toMatch(/^[=+\-@\t\r\0]/);
      }),
    );
  });
});
