import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountId } from "../../src/domain/ids.ts";
import { readScrubStatus } from "../../src/scrub/read-scrub-status.ts";
import { recordScrubRun } from "../../src/scrub/record-scrub-run.ts";
import type { ResultSource } from "../../src/scrub/staged-results.ts";
import { testDefinition, testNumber } from "../support/rows.ts";
import { file, scrubWorld } from "./scrub-fixture.ts";

let world: Awaited<ReturnType<typeof scrubWorld>>;
let account: AccountId;
let references = 0;
beforeAll(async () => {
  world = await scrubWorld();
  account = await world.rows.account();
});
afterAll(() => world.close());

const national = (tail: number) => testNumber(tail).slice(3);

/** Records a result for a campaign of the numbers 1, 2 and 3; answers what it says of each. */
async function said(result: ResultSource) {
  const campaign = await world.rows.campaign(account, { definitionSource: testDefinition({ purpose: "promotional", preference_category: 1 }) });
  for (const tail of [1, 2, 3]) await world.rows.contact(account, campaign, testNumber(tail), { added_at: new Date("2026-11-23T08:00:00+05:30") });
  references += 1;
  const report = await recordScrubRun(world.deps, { accountId: account, campaignId: campaign, provider: "operator", reference: `R-${references}`, scrubbedAt: new Date("2026-11-23T11:00:00+05:30"), result });
  const rows = await world.db.selectFrom("scrub_results").where("run_id", "=", report.id).select(["number_key", "blocked"]).execute();
  const each = [1, 2, 3].map((tail) => {
    const row = rows.find(({ number_key }) => number_key === world.vault.numberKey(testNumber(tail)));
    return row ? (row.blocked ? "blocked" : "clear") : "not covered";
  });
  return { report, each };
}
const csv = (text: string, lists?: "blocked" | "clear"): ResultSource => ({ kind: "file", bytes: file(text), ...(lists && { lists }) });
const eachOf = async (text: string, lists?: "blocked" | "clear") => (await said(csv(text, lists))).each;

describe("a scrub result without a header", () => {
  it("blocks its first number too, however a spreadsheet wrote it", async () => {
    for (const first of [`'${national(1)}`, `${national(1)}.0`, `(+91) ${national(1)}`, `${national(1).slice(0, 5)}.${national(1).slice(5)}`, `tel:${testNumber(1)}`]) {
      expect(await eachOf(`${first}\n${national(2)}\n`)).toEqual(["blocked", "blocked", "clear"]);
    }
  });

  it("clears nobody when its first number was mangled, and says how to export it", async () => {
    const { report, each } = await said(csv(`9.19E+11\n${national(2)}\n`));
    expect(each).toEqual(["not covered", "blocked", "not covered"]);
    expect(report.rejects).toMatchObject([{ line: 1, reason: "number_scientific_notation", message: expect.stringContaining("format the column as text") }]);
  });

  it("under a title that nobody knows clears nobody, because the title may be a number", async () => {
    expect(await eachOf(`Ph nine eight seven\n${national(2)}\n`)).toEqual(["not covered", "blocked", "not covered"]);
  });
});

describe("a list of those who passed", () => {
  it("clears those it names and covers nobody else", async () => {
    for (const title of ["Clean Numbers", "allowed_number", "Passed", "Whitelisted", "Eligible", "Non DND", "Not Blocked Numbers"]) {
      expect([title, await eachOf(`${title}\n${national(1)}\n${national(2)}\n`)]).toEqual([title, ["clear", "clear", "not covered"]]);
    }
    expect(await eachOf(`number\n${national(1)}\n`, "clear")).toEqual(["clear", "not covered", "not covered"]);
  });

  it("is told from one of the blocked by title, or by the sender where the title does not tell", async () => {
    for (const title of ["number", "DND Numbers", "Blocked", "Rejected Mobile No", "do not call", "Not Allowed Numbers"]) expect([title, await eachOf(`${title}\n${national(1)}\n`)]).toEqual([title, ["blocked", "clear", "clear"]]);
    await expect(eachOf(`Scrubbed Numbers\n${national(1)}\n`)).rejects.toMatchObject({ status: 422, code: "ambiguous_scrub_list" });
    expect(await eachOf(`Scrubbed Numbers\n${national(1)}\n`, "clear")).toEqual(["clear", "not covered", "not covered"]);
    await expect(eachOf(`Clean Numbers\n${national(1)}\n`, "blocked")).rejects.toMatchObject({ code: "ambiguous_scrub_list", message: expect.stringContaining("opposite") });
    expect(await eachOf(`blocked_number,allowed_number\n${national(1)},${national(2)}\n`)).toEqual(["blocked", "clear", "not covered"]);
  });
});

describe("a scrub result that can be read both ways", () => {
  it("by a column nobody knows is refused unless the sender says what it lists", async () => {
    for (const title of ["Remarks", "Zustand", "preference", ""]) await expect(eachOf(`Mobile No.,${title}\n${national(1)},DND\n${national(2)},NON DND\n`)).rejects.toMatchObject({ code: "ambiguous_scrub_list" });
    expect(await eachOf(`Mobile No.,Remarks\n${national(1)},DND\n${national(2)},fine\n`, "clear")).toEqual(["blocked", "clear", "not covered"]);
    expect(await eachOf(`Sl No,Name,Mobile No.,Circle,Operator,Date,Category\n1,Asha,${national(1)},MH,Jio,23-11-2026,1\n`)).toEqual(["blocked", "clear", "clear"]);
    await expect(eachOf(`number,status\n${national(1)},clear\n`, "clear")).rejects.toMatchObject({ code: "ambiguous_scrub_list" });
  });

  it("because nothing follows its header is refused", async () => {
    await expect(eachOf("number\n")).rejects.toMatchObject({ status: 422, code: "empty_file", message: expect.stringContaining('"blocked": []') });
    expect((await said({ kind: "blocked", numbers: [] })).each).toEqual(["clear", "clear", "clear"]);
  });

  it("because it names strangers only is refused; one that mostly does clears nobody it leaves out", async () => {
    await expect(eachOf(`number\n${national(77)}\n${national(78)}\n`)).rejects.toMatchObject({ status: 422, code: "wrong_list" });
    await expect(said({ kind: "blocked", numbers: [testNumber(77)] })).rejects.toMatchObject({ code: "wrong_list" });
    const { report, each } = await said(csv(`number\n${national(1)}\n${national(77)}\n${national(78)}\n`));
    expect(each).toEqual(["blocked", "not covered", "not covered"]);
    expect(report).toMatchObject({ not_on_list: 2, warnings: [expect.stringContaining("not on the campaign's list")] });
  });

  it("because it names two numbers in a row blocks both", async () => {
    expect(await eachOf(`mobile,alternate_mobile\n${national(1)},${national(2)}\n${national(3)},\n`)).toEqual(["blocked", "blocked", "blocked"]);
    expect(await eachOf(`mobile,alternate_mobile,status\n${national(1)},${national(2)},clear\n`)).toEqual(["clear", "not covered", "not covered"]);
  });
});

describe("the status of a number", () => {
  it("is blocked when any column says so", async () => {
    for (const header of ["number,status,dnd", "number,dnd,status"]) {
      const row = (tail: number, status: string, dnd: string) => [national(tail), ...(header.endsWith("dnd") ? [status, dnd] : [dnd, status])].join(",");
      expect(await eachOf([header, row(1, "success", "Y"), row(2, "success", "N"), row(3, "clear", "DND")].join("\n"))).toEqual(["blocked", "clear", "blocked"]);
    }
    expect(await eachOf(`number,status,remarks\n${national(1)},clear,DND\n${national(2)},clear,all fine\n`)).toEqual(["blocked", "clear", "not covered"]);
  });

  it("is read in the sense of its title", async () => {
    expect(await eachOf(`number,ndnc_status\n${national(1)},A\n${national(2)},D\n${national(3)},N\n`)).toEqual(["blocked", "blocked", "clear"]);
    expect(await eachOf(`Mobile (10 digits),DND (Y/N)\n${national(1)},Y\n${national(2)},N\n`)).toEqual(["blocked", "clear", "not covered"]);
    expect(await eachOf(`number,Allowed?\n${national(1)},No\n${national(2)},Yes\n${national(3)},Active\n`)).toEqual(["blocked", "clear", "clear"]);
    expect(await eachOf(`number,can call\n${national(1)},0\n${national(2)},1\n`)).toEqual(["blocked", "clear", "not covered"]);
  });

  it("knows the portals' words, and takes no word for permission that may be about something else", () => {
    for (const word of ["Blocked", "DND", "fail", "Y", "Not Allowed", "FULLY BLOCK", "1"]) expect([word, readScrubStatus(word, "verdict")]).toEqual([word, "blocked"]);
    for (const word of ["clear", "Allowed", "NON_DND", "Not Registered", "not in DND"]) expect([word, readScrubStatus(word, "verdict")]).toEqual([word, "clear"]);
    for (const word of ["ok", "success", "valid", "a", ""]) expect([word, readScrubStatus(word, "verdict")]).toEqual([word, "silent"]);
    for (const word of ["maybe", "no", "0", "3"]) expect([word, readScrubStatus(word, "verdict")]).toEqual([word, "unknown"]);
  });

  it("that only says the lookup worked is unknown, and counts as blocked", async () => {
    const { report, each } = await said(csv(`number,result\n${national(1)},ok\n${national(2)},clear\n`));
    expect(each).toEqual(["blocked", "clear", "not covered"]);
    expect(report.rejects).toMatchObject([{ line: 2, column: "result", reason: "unknown_status" }]);
  });
});
