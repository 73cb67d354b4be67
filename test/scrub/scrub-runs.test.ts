import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountId, CampaignId } from "../../src/domain/ids.ts";
import { readScrubStatus } from "../../src/scrub/read-scrub-status.ts";
import { recordScrubRun, type ScrubRunInput } from "../../src/scrub/record-scrub-run.ts";
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

async function list(tails: readonly number[], purpose: "promotional" | "reminder" = "promotional"): Promise<CampaignId> {
  const campaign = await world.rows.campaign(account, { definitionSource: testDefinition({ purpose, ...(purpose === "promotional" && { preference_category: 1 }) }) });
  for (const tail of tails) await world.rows.contact(account, campaign, testNumber(tail), { added_at: new Date("2026-11-23T08:00:00+05:30") });
  return campaign;
}

function record(campaignId: CampaignId, result: ScrubRunInput["result"], more: Partial<ScrubRunInput> = {}) {
  references += 1;
  return recordScrubRun(world.deps, { accountId: account, campaignId, provider: "operator", reference: `R-${references}`, scrubbedAt: new Date("2026-11-23T11:00:00+05:30"), result, ...more });
}

const blocked = (...tails: number[]): ScrubRunInput["result"] => ({ kind: "blocked", numbers: tails.map((tail) => testNumber(tail)) });
const csv = (text: string): ScrubRunInput["result"] => ({ kind: "file", bytes: file(text) });
const states = async (campaign: CampaignId) => {
  const rows = await world.db.selectFrom("contacts").where("campaign_id", "=", campaign).select(["number_key", "state", "blocked_reason"]).execute();
  return (tail: number) => rows.find((row) => row.number_key === world.vault.numberKey(testNumber(tail)));
};
const results = async (runId: string) => {
  const rows = await world.db.selectFrom("scrub_results").where("run_id", "=", runId as never).select(["number_key", "blocked"]).execute();
  return new Map(rows.map((row) => [row.number_key as string, row.blocked]));
};

describe("a scrub run", () => {
  it("is bound to its list, counts until midnight IST, and blocks whom it names", async () => {
    const campaign = await list([1, 2, 3]);
    const report = await record(campaign, blocked(2, 99), { reference: "VIL-7" });
    expect(report).toMatchObject({
      provider: "operator",
      reference: "VIL-7",
      category: 1,
      scrubbed_at: "2026-11-23T11:00:00.000+05:30",
      expires_at: "2026-11-24T00:00:00.000+05:30",
      submitted_count: 3,
      blocked_count: 1,
      not_on_list: 1,
      contacts_blocked: 1,
      rejected: 0,
      warnings: [],
    });
    const of = await states(campaign);
    expect(of(2)).toMatchObject({ state: "blocked", blocked_reason: "scrub_blocked" });
    expect(of(1)).toMatchObject({ state: "waiting" });
    const evidence = await world.db.selectFrom("evidence").where("campaign_id", "=", campaign).select(["code", "body"]).execute();
    expect(evidence).toMatchObject([{ code: "scrub_blocked", body: { reference: "VIL-7", list_hash: report.list_hash } }]);
  });

  it("has a hash that any change of the list changes, and no order", async () => {
    const one = await record(await list([1, 2]), blocked());
    const same = await record(await list([2, 1]), blocked());
    const other = await record(await list([1, 2, 3]), blocked());
    expect(one.list_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(same.list_hash).toBe(one.list_hash);
    expect(other.list_hash).not.toBe(one.list_hash);
  });

  it("does not cover contacts added after it", async () => {
    const campaign = await list([1]);
    await world.rows.contact(account, campaign, testNumber(2), { added_at: new Date("2026-11-23T11:00:01+05:30") });
    const report = await record(campaign, blocked());
    expect(report.submitted_count).toBe(1);
    expect((await results(report.id)).has(world.vault.numberKey(testNumber(2)))).toBe(false);
  });

  it("with a reference used before is refused as a whole", async () => {
    const campaign = await list([1]);
    await record(campaign, blocked(), { reference: "TWICE" });
    await expect(record(campaign, blocked(1), { reference: "TWICE" })).rejects.toMatchObject({ status: 409, code: "scrub_run_exists" });
    expect((await states(campaign))(1)).toMatchObject({ state: "waiting" });
    expect(await record(campaign, blocked(), { reference: "TWICE", provider: "another operator" })).toMatchObject({ submitted_count: 1 });
  });

  it("frees those that an earlier run blocked and this one clears; an older run recorded late moves nobody", async () => {
    const campaign = await list([1, 2]);
    await record(campaign, blocked(1));
    const next = await record(campaign, blocked(2), { scrubbedAt: new Date("2026-11-23T11:30:00+05:30") });
    expect(next).toMatchObject({ contacts_freed: 1, contacts_blocked: 1 });
    const late = await record(campaign, blocked(1), { scrubbedAt: new Date("2026-11-23T10:00:00+05:30") });
    expect(late).toMatchObject({ contacts_freed: 0, contacts_blocked: 0 });
    const of = await states(campaign);
    expect([of(1)?.state, of(2)?.state]).toEqual(["waiting", "blocked"]);
  });

  it("is read from a file of the blocked only, or of everybody with a status in the portals' words", async () => {
    const campaign = await list([1, 2, 3]);
    const onlyBlocked = await record(campaign, csv(`MSISDN\n${testNumber(1).slice(3)}\n`));
    expect(onlyBlocked).toMatchObject({ submitted_count: 3, blocked_count: 1 });
    const everybody = await record(campaign, csv(`Sl,Mobile Number,DND Status\n1,${testNumber(1)},NDNC\n2,${testNumber(2)},Non-DND\n`), { scrubbedAt: new Date("2026-11-23T11:45:00+05:30") });
    expect(everybody).toMatchObject({ submitted_count: 2, blocked_count: 1 });
    expect(await results(everybody.id)).toEqual(new Map([[world.vault.numberKey(testNumber(1)), true], [world.vault.numberKey(testNumber(2)), false]]));
    expect(["Blocked", "DND", "fail", "Y", "Not Allowed", "FULLY BLOCK"].map((word) => readScrubStatus(word, "status"))).toEqual(Array(6).fill("blocked"));
    expect(["clear", "Allowed", "NON_DND", "no", "Not Registered"].map((word) => readScrubStatus(word, "status"))).toEqual(Array(5).fill("clear"));
    expect([readScrubStatus("yes", "Allowed"), readScrubStatus("no", "Allowed"), readScrubStatus("maybe", "status"), readScrubStatus("", "status")]).toEqual(["clear", "blocked", "unknown", "unknown"]);
  });

  it("counts a number with an unreadable status as blocked, and says so", async () => {
    const campaign = await list([1, 2]);
    const report = await record(campaign, csv(`number,status\n${testNumber(1)},perhaps\n${testNumber(2)},clear\n`));
    expect(report).toMatchObject({ submitted_count: 2, blocked_count: 1, rejected: 1, rejects: [{ line: 2, column: "status", reason: "unknown_status" }] });
  });

  it("with unreadable rows among the blocked clears nobody, because they may be anybody", async () => {
    const campaign = await list([1, 2]);
    const report = await record(campaign, csv(`number\n${testNumber(1)}\n98765\n`));
    expect(report).toMatchObject({ submitted_count: 1, blocked_count: 1, rejected: 1 });
    expect(report.warnings[0]).toContain("nobody was taken for clear");
    expect(await results(report.id)).toEqual(new Map([[world.vault.numberKey(testNumber(1)), true]]));
    const byStatus = await record(campaign, csv(`number,status\n${testNumber(1)},clear\n98765,dnd\n`));
    expect(byStatus).toMatchObject({ submitted_count: 1, blocked_count: 0, rejected: 1, warnings: [] });
  });

  it("of another day or of calls that need none is recorded with a warning", async () => {
    const old = await record(await list([1]), blocked(1), { scrubbedAt: new Date("2026-11-23T08:30:00+05:30") });
    expect(old.warnings).toEqual([]);
    const reminders = await list([1], "reminder");
    const unneeded = await record(reminders, blocked(1));
    expect(unneeded).toMatchObject({ contacts_blocked: 0, warnings: ["calls of this campaign are not subject to the scrub; nobody was blocked"] });
    expect((await states(reminders))(1)).toMatchObject({ state: "waiting" });
    const yesterday = await record(reminders, blocked(), { scrubbedAt: new Date("2026-11-22T11:00:00+05:30") });
    expect(yesterday.warnings[0]).toContain("earlier day");
  });

  it("with dates of another century, in the future, or without its reference is refused", async () => {
    const campaign = await list([1]);
    await expect(record(campaign, blocked(), { scrubbedAt: new Date("1926-11-23T11:00:00+05:30") })).rejects.toMatchObject({ status: 422, errors: [{ path: "scrubbed_at", message: expect.stringContaining("century") }] });
    await expect(record(campaign, blocked(), { scrubbedAt: new Date("2026-11-24T11:00:00+05:30") })).rejects.toMatchObject({ errors: [{ path: "scrubbed_at" }] });
    await expect(record(campaign, blocked(), { scrubbedAt: new Date(Number.NaN) })).rejects.toMatchObject({ errors: [{ path: "scrubbed_at" }] });
    await expect(record(campaign, blocked(), { reference: " ", provider: "", category: 9 })).rejects.toMatchObject({ errors: [{ path: "provider" }, { path: "reference" }, { path: "category" }] });
    const other = await world.rows.account("Other");
    await expect(record(campaign, blocked(), { accountId: other })).rejects.toMatchObject({ status: 404, code: "campaign_not_found" });
  });
});
