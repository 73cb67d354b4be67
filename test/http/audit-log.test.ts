import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiFixture, apiFixture, type Asked, told } from "./api-fixture.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await apiFixture();
});
afterAll(() => api.close());

const entries = () => api.db.selectFrom("audit_log").selectAll().orderBy("id").execute();
/** As the database's administrator, not as the service. */
async function owner(sql: string, values: unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: api.database.url });
  await client.connect();
  await client.query(sql, values);
  await client.end();
}
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

  it("that cannot be written makes nobody do the change again: the answer is kept, and the entry stands in the service's log", async () => {
    await owner("create function refuse_entry() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$");
    await owner("create trigger refuse_entry before insert on audit_log for each row execute function refuse_entry()");
    const campaigns = async () => (await api.db.selectFrom("campaigns").select("id").execute()).length;
    const before = await campaigns();
    try {
      const asked = api.ask("POST", "/v1/campaigns", { body: { template: "emi-reminder" }, headers: { "idempotency-key": "unaudited" } });
      let answered: Asked | undefined;
      void asked.then((response) => void (answered = response));
      while (!answered) {
        api.clock.advance(1_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(answered.status).toBe(201);
      const again = await api.ask("POST", "/v1/campaigns", { body: { template: "emi-reminder" }, headers: { "idempotency-key": "unaudited" } });
      expect(again.headers.get("idempotent-replayed")).toBe("true");
      expect(await campaigns()).toBe(before + 1);
      expect(api.log.lines.find((line) => line.sentence === "an audit entry could not be written")?.fields).toMatchObject({ action: "campaign.created" });
    } finally {
      await owner("drop trigger refuse_entry on audit_log");
    }
  });

  it("refuses to be changed, whoever asks", async () => {
    await expect(api.db.updateTable("audit_log").set({ action: "x" }).execute()).rejects.toThrow(/append-only|permission denied/);
    await expect(api.db.deleteFrom("audit_log").execute()).rejects.toThrow(/append-only|permission denied/);
  });

  it("finds what an administrator changed or removed behind its back", async () => {
    await owner("alter table audit_log disable trigger audit_log_append_only");
    const [first, second] = await entries();
    if (!first || !second) throw new Error("expected entries");
    await owner("update audit_log set action = 'campaign.viewed' where id = $1", [second.id]);
    expect(await verify()).toMatchObject({ intact: false, first_broken_id: second.id });
    await owner("update audit_log set action = $2 where id = $1", [second.id, second.action]);
    expect(await verify()).toMatchObject({ intact: true });
    await owner("update audit_log set detail = $2 where id = $1", [second.id, { request_id: "another" }]);
    expect(await verify()).toMatchObject({ intact: false, first_broken_id: second.id });
    await owner("update audit_log set detail = $2 where id = $1", [second.id, second.detail]);
    await owner("delete from audit_log where id = $1", [first.id]);
    expect(await verify()).toMatchObject({ intact: false, first_broken_id: second.id });
  });

  it("stays one chain when changes come at once", async () => {
    await owner("delete from audit_log");
    await Promise.all(Array.from({ length: 20 }, () => api.ask("POST", "/v1/campaigns", { body: { template: "emi-reminder" } })));
    expect(await verify()).toEqual({ intact: true, entries: 20, first_broken_id: null });
  });
});
