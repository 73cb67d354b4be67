import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { E164 } from "../../src/domain/phone-number.ts";
import { type ApiFixture, apiFixture, told } from "./api-fixture.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await apiFixture();
});
afterAll(() => api.close());

const number = "9876543219";

describe("what operators put on file", () => {
  it("suppressions: JSON, CSV and a form; looked up, listed and lifted", async () => {
    expect((await api.ask("POST", "/v1/suppressions", { body: { numbers: [number, "9876543218"], reason: "asked" } })).json()).toMatchObject({ added: 2, already: 0 });
    expect((await api.csv("/v1/suppressions?reason=list", "mobile\n9876543219\n9876543217\n12\n")).json()).toMatchObject({ rows: 3, added: 1, already: 1, rejected: 1 });
    expect((await api.ask("GET", `/v1/suppressions?number=${number}`)).json()).toMatchObject({ items: [{ number: "+919876543219", reason: "asked", source: "operator" }] });
    expect((await api.ask("GET", "/v1/suppressions?limit=2")).json()).toMatchObject({ items: [{}, {}], next_cursor: expect.any(String) });
    const shown = await api.ask("GET", `/v1/suppressions/${encodeURIComponent("+91 98765 43219")}`);
    expect([shown.status, shown.json()]).toMatchObject([200, { number: "+919876543219", reason: "asked", source: "operator" }]);
    expect((await api.ask("GET", "/v1/suppressions/9876543299")).json()).toMatchObject({ status: 404, code: "not_suppressed" });
    expect((await api.ask("GET", "/v1/suppressions/12")).json()).toMatchObject({ status: 422, errors: [{ path: "number" }] });
    await api.db
      .insertInto("suppressions")
      .values({ id: "01900000-0000-7000-8000-000000000001", account_id: null, number_key: api.vault.numberKey("+919876543299" as E164), number_sealed: null, reason: "a court", source: "platform", created_at: new Date(api.clock.nowMs()) })
      .execute();
    expect((await api.ask("GET", "/v1/suppressions/9876543299")).json()).toMatchObject({ number: "+919876543299", reason: "platform_suppression", source: "platform" });
    expect((await api.ask("DELETE", `/v1/suppressions/${encodeURIComponent("+91 98765 43219")}`)).json()).toEqual({ contacts_freed: 0 });
    expect((await api.ask("GET", `/v1/suppressions/${number}`)).json()).toMatchObject({ status: 404, code: "not_suppressed" });
    expect((await api.ask("DELETE", `/v1/suppressions/${number}`)).json()).toMatchObject({ status: 404, code: "not_suppressed" });
  });

  it("papers: put on file, listed, ended", async () => {
    const made = told(await api.ask("POST", "/v1/sender-papers", { body: { kind: "a2p_declaration", reference: "A2P-1", provider: "Airtel", caller_numbers: ["+911600123456"], valid_until: "2027-12-01T00:00:00+05:30" } }), "id");
    expect((await api.ask("GET", "/v1/sender-papers")).json()).toMatchObject({ items: [{ id: made, kind: "a2p_declaration", caller_numbers: ["+911600123456"], valid_until: "2027-12-01T00:00:00.000+05:30" }] });
    expect((await api.ask("DELETE", `/v1/sender-papers/${made}`)).status).toBe(204);
    expect((await api.ask("DELETE", `/v1/sender-papers/${made}`)).json()).toMatchObject({ code: "paper_not_found" });
    expect((await api.ask("POST", "/v1/sender-papers", { body: { kind: "a2p_declaration", reference: "A2P-2" } })).json()).toMatchObject({ status: 422, code: "invalid_paper" });
  });

  it("consents: recorded, listed, withdrawn", async () => {
    const consent = { number, basis: "explicit", registered_on_dlt: true, reference: "DLT-9", given_at: "2026-11-30T10:00:00+05:30" };
    expect((await api.ask("POST", "/v1/consents", { body: { consents: [consent] } })).json()).toEqual({ recorded: 1 });
    expect((await api.ask("GET", `/v1/consents?number=${number}`)).json()).toMatchObject({ items: [{ basis: "explicit", registered_on_dlt: true, reference: "DLT-9", given_at: "2026-11-30T10:00:00.000+05:30", revoked_at: null }] });
    expect((await api.ask("POST", "/v1/consents/revocations", { body: { number, basis: "inferred" } })).json()).toEqual({ revoked: 0 });
    expect((await api.ask("POST", "/v1/consents/revocations", { body: { number } })).json()).toEqual({ revoked: 1 });
    const csv = `Mobile No,Basis,Given On,Registered on DLT,Reference\n${number},enquiry,30-11-2026,no,form 7\n${number},enquiry,30-11-1926,no,form 8\n`;
    expect((await api.ask("POST", "/v1/consents", { headers: { "content-type": "text/csv" }, body: csv })).json()).toMatchObject({ rows: 2, recorded: 1, rejected: 1, rejects: [{ line: 3, reason: "absurd_date" }] });
    expect((await api.ask("POST", "/v1/consents", { body: { consents: [{ ...consent, given_at: "1926-11-30T10:00:00+05:30" }] } })).json()).toMatchObject({ code: "invalid_consents" });
    expect((await api.ask("POST", "/v1/consents", { body: { consents: [{ ...consent, given_at: "30/11/2026" }] } })).json()).toMatchObject({ code: "invalid_body" });
  });

  it("holds: added, listed, ended", async () => {
    const made = told(await api.ask("POST", "/v1/holds", { body: { number, kind: "hours", hours: { mode: "only", from: "18:00", to: "19:00", days: [1, 2] }, note: "works nights" } }), "id");
    expect((await api.ask("GET", `/v1/holds?number=${number}`)).json()).toMatchObject({ items: [{ id: made, kind: "hours", detail: { from: "18:00" }, ends_at: null }] });
    expect((await api.ask("DELETE", `/v1/holds/${made}`)).json()).toEqual({ contacts_freed: 0 });
    expect((await api.ask("POST", "/v1/holds", { body: { number, kind: "hours" } })).json()).toMatchObject({ code: "invalid_hours" });
  });

  it("a scrub run: JSON, and CSV with its head in the query", async () => {
    const created = told(await api.ask("POST", "/v1/campaigns", { body: { template: "festive-offer" } }), "id");
    const head = { provider: "Airtel DLT", reference: "RUN-1", scrubbed_at: "2026-12-01T09:00:00+05:30" };
    const path = `/v1/campaigns/${created}/scrub-runs`;
    expect((await api.ask("POST", path, { body: { ...head, blocked: [number] } })).json()).toMatchObject({ provider: "Airtel DLT", reference: "RUN-1", expires_at: "2026-12-02T00:00:00.000+05:30" });
    expect((await api.ask("POST", path, { body: { ...head, blocked: [] } })).json()).toMatchObject({ status: 409, code: "scrub_run_exists" });
    const query = new URLSearchParams({ ...head, reference: "RUN-2" });
    expect((await api.csv(`${path}?${query.toString()}`, "mobile,status\n9876543219,blocked\n")).json()).toMatchObject({ reference: "RUN-2", not_on_list: 1 });
    expect((await api.csv(path, "mobile\n9876543219\n")).json()).toMatchObject({ status: 400, code: "invalid_query" });
    const list = (reference: string, lists: string) => `${path}?${new URLSearchParams({ ...head, reference, lists }).toString()}`;
    expect((await api.csv(list("RUN-3", "clear"), "mobile\n9876543219\n")).json()).toMatchObject({ reference: "RUN-3", blocked_count: 0 });
    expect((await api.csv(list("RUN-4", "blocked"), "Clean Numbers\n9876543219\n")).json()).toMatchObject({ status: 422, code: "ambiguous_scrub_list" });
    expect((await api.csv(list("RUN-4", "both"), "mobile\n9876543219\n")).json()).toMatchObject({ status: 400, code: "invalid_query" });
  });

  it("preferences: rows of the register", async () => {
    const answer = await api.csv("/v1/preferences/imports", "mobile,preference\n9876543219,FULLY BLOCK\n12,x\n");
    expect(answer.status).toBe(201);
    expect(answer.json()).toMatchObject({ rows: 2, list_hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect((await api.ask("POST", "/v1/preferences/imports", { body: {} })).json()).toMatchObject({ status: 415 });
    expect((await api.ask("POST", "/v1/preferences/imports")).json()).toMatchObject({ status: 422, code: "missing_body" });
  });
});
