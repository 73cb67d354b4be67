import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccountId, CampaignId, ContactId } from "../../src/domain/ids.ts";
import { loadGateRows } from "../../src/dial/gate-facts.queries.ts";
import { recordScrubRun, type ScrubRunInput } from "../../src/scrub/record-scrub-run.ts";
import { scrubCampaign } from "../../src/scrub/scrub-campaign.ts";
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

async function list(tails: readonly number[], { purpose = "promotional", addedAt = "2026-11-23T08:00:00+05:30" }: { purpose?: "promotional" | "reminder"; addedAt?: string } = {}): Promise<CampaignId> {
  const campaign = await world.rows.campaign(account, { definitionSource: testDefinition({ purpose, ...(purpose === "promotional" && { preference_category: 1 }) }) });
  for (const tail of tails) await world.rows.contact(account, campaign, testNumber(tail), { added_at: new Date(addedAt) });
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
const gateRows = async (campaign: CampaignId, tails: readonly number[]) => {
  const contacts = await world.db.selectFrom("contacts").where("campaign_id", "=", campaign).select(["id", "number_key"]).execute();
  const ids = tails.map((tail) => contacts.find((row) => row.number_key === world.vault.numberKey(testNumber(tail)))?.id);
  const attemptIds = await Promise.all(ids.map((id) => world.rows.attempt(id as ContactId)));
  const rows = await loadGateRows(world.db, { attemptIds, nowMs: world.clock.nowMs(), lock: false });
  return attemptIds.map((id) => rows.find((row) => row.attempt_id === id));
};
const atTheGate = async (campaign: CampaignId, tails: readonly number[]) => (await gateRows(campaign, tails)).map((row) => row?.scrub_result);
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

  it("with a reference used before, however it is written, is refused as a whole", async () => {
    const campaign = await list([1]);
    await record(campaign, blocked(), { reference: "TWICE" });
    for (const again of [{ reference: "TWICE" }, { reference: " twice " }, { reference: "Twice", provider: "Operator " }]) {
      await expect(record(campaign, blocked(1), again)).rejects.toMatchObject({ status: 409, code: "scrub_run_exists" });
    }
    expect((await states(campaign))(1)).toMatchObject({ state: "waiting" });
    expect(await record(campaign, blocked(), { reference: "TWICE", provider: "another operator" })).toMatchObject({ submitted_count: 1 });
  });

  it("frees those that the run of yesterday blocked and this one clears", async () => {
    const campaign = await list([1, 2], { addedAt: "2026-11-22T08:00:00+05:30" });
    await record(campaign, blocked(1), { scrubbedAt: new Date("2026-11-22T11:00:00+05:30") });
    expect((await states(campaign))(1)).toMatchObject({ state: "blocked", blocked_reason: "scrub_blocked" });
    expect(await record(campaign, blocked(2))).toMatchObject({ contacts_freed: 1, contacts_blocked: 1 });
    const of = await states(campaign);
    expect([of(1)?.state, of(2)?.state]).toEqual(["waiting", "blocked"]);
    const late = await record(campaign, blocked(1), { scrubbedAt: new Date("2026-11-22T10:00:00+05:30") });
    expect(late).toMatchObject({ contacts_freed: 0, contacts_blocked: 0 });
  });

  it("keeps blocked whom any run of the day blocks, because a list may be sent in pieces", async () => {
    const campaign = await list([1, 2, 3, 4]);
    await record(campaign, blocked(1));
    expect(await record(campaign, blocked(3))).toMatchObject({ contacts_blocked: 1, contacts_freed: 0 });
    expect(await record(campaign, blocked(4), { scrubbedAt: new Date("2026-11-23T10:00:00+05:30") })).toMatchObject({ contacts_blocked: 1, contacts_freed: 0 });
    expect(await record(campaign, csv(`number,dnd\n${testNumber(1)},N\n${testNumber(2)},N\n`), { scrubbedAt: new Date("2026-11-23T11:45:00+05:30") })).toMatchObject({ contacts_freed: 0 });
    await scrubCampaign(world.deps, { campaignId: campaign });
    const of = await states(campaign);
    expect([1, 2, 3, 4].map((tail) => of(tail)?.blocked_reason ?? of(tail)?.state)).toEqual(["scrub_blocked", "waiting", "scrub_blocked", "scrub_blocked"]);
    expect(await atTheGate(campaign, [1, 2, 3, 4])).toEqual(["blocked", "clear", "blocked", "blocked"]);
  });

  it("counts as the newest by its instant, and of two at one instant by which came last", async () => {
    const campaign = await list([1]);
    await record(campaign, blocked(), { reference: "FIRST" });
    world.clock.advance(1_000);
    await record(campaign, csv(`number,status\n${testNumber(1)},clear\n`), { reference: "SECOND" });
    expect((await gateRows(campaign, [1]))[0]?.scrub_run).toMatchObject({ reference: "SECOND" });
  });

  it("dated a few minutes ahead, over midnight, is of the day on which it is recorded", async () => {
    const night = await scrubWorld("2026-11-23T23:57:00+05:30");
    const sender = await night.rows.account();
    const campaign = await night.rows.campaign(sender, { definitionSource: testDefinition({ purpose: "promotional", preference_category: 1 }) });
    const report = await recordScrubRun(night.deps, { accountId: sender, campaignId: campaign, provider: "operator", reference: "R", scrubbedAt: new Date("2026-11-24T00:01:00+05:30"), result: blocked() });
    expect(report.expires_at).toBe("2026-11-24T00:00:00.000+05:30");
    await night.close();
  });

  it("is read from a file of the blocked only, or of everybody with a status in the portals' words", async () => {
    const campaign = await list([1, 2, 3]);
    const onlyBlocked = await record(campaign, csv(`MSISDN\n${testNumber(1).slice(3)}\n`));
    expect(onlyBlocked).toMatchObject({ submitted_count: 3, blocked_count: 1 });
    const everybody = await record(campaign, csv(`Sl,Mobile Number,DND Status\n1,${testNumber(1)},NDNC\n2,${testNumber(2)},Non-DND\n`), { scrubbedAt: new Date("2026-11-23T11:45:00+05:30") });
    expect(everybody).toMatchObject({ submitted_count: 2, blocked_count: 1 });
    expect(await results(everybody.id)).toEqual(new Map([[world.vault.numberKey(testNumber(1)), true], [world.vault.numberKey(testNumber(2)), false]]));
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
    const reminders = await list([1], { purpose: "reminder" });
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
