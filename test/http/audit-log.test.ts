import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiFixture, apiFixture, told } from "./api-fixture.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await apiFixture();
});
afterAll(() => api.close());

const entries = () => api.db.selectFrom("audit_log").selectAll().orderBy("id").execute();
const verify = async () => (await api.ask("GET", "/v1/audit-log/verify")).json();

describe("R5.12 the audit log", () => {
  it("has exactly one entry per change, none for reading, refusals and replays, and nothing personal", async () => {
    const created = told(await api.ask("POST", "/v1/campaigns", { body: { template: "emi-reminder" }, headers: { "idempotency-key": "a" } }), "id");
    await api.ask("POST", "/v1/campaigns", { body: { template: "emi-reminder" }, headers: { "idempotency-key": "a" } });
    await api.ask("POST", "/v1/campaigns", { body: { template: "no-such" } });
    await api.ask("GET", "/v1/campaigns");
    await api.ask("PATCH", `/v1/campaigns/${created}`, { body: { weight: 3 } });
    await api.csv(`/v1/campaigns/${created}/contacts`, "phone,name,amount_due,due_date,birth_year\n9876543210,Asha,4500,2026-12-25,1975\n");
    await api.ask("POST", "/v1/suppressions", { body: { number: "9876543219" } });
    await api.ask("DELETE", "/v1/suppressions/9876543219");
    const rows = await entries();
    expect(rows.map((row) => [row.action, row.subject_id === created])).toEqual([
      ["campaign.created", true],
      ["campaign.changed", true],
      ["contacts.imported", false],
      ["suppressions.added", false],
      ["suppression.lifted", false],
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/98765432/);
    expect(await verify()).toEqual({ intact: true, entries: 5, first_broken_id: null });
  });

  it("finds one changed, one removed and one inserted entry", async () => {
    const [first, second] = await entries();
    if (!first || !second) throw new Error("expected entries");
    await api.db.updateTable("audit_log").set({ action: "campaign.viewed" }).where("id", "=", second.id).execute();
    expect(await verify()).toMatchObject({ intact: false, first_broken_id: second.id });
    await api.db.updateTable("audit_log").set({ action: second.action }).where("id", "=", second.id).execute();
    expect(await verify()).toMatchObject({ intact: true });
    await api.db.updateTable("audit_log").set({ detail: JSON.stringify({ request_id: "another" }) }).where("id", "=", second.id).execute();
    expect(await verify()).toMatchObject({ intact: false, first_broken_id: second.id });
    await api.db.updateTable("audit_log").set({ detail: JSON.stringify(second.detail) }).where("id", "=", second.id).execute();
    await api.db.deleteFrom("audit_log").where("id", "=", first.id).execute();
    expect(await verify()).toMatchObject({ intact: false, first_broken_id: second.id });
  });

  it("stays one chain when changes come at once", async () => {
    await api.db.deleteFrom("audit_log").execute();
    await Promise.all(Array.from({ length: 20 }, () => api.ask("POST", "/v1/campaigns", { body: { template: "emi-reminder" } })));
    expect(await verify()).toEqual({ intact: true, entries: 20, first_broken_id: null });
  });
});
