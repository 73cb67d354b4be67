import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testNumber } from "../support/rows.ts";
import { type ApiFixture, apiFixture, told } from "./api-fixture.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await apiFixture();
});
afterAll(() => api.close());

const header = "phone,name,amount_due,due_date,birth_year\n";
const rows = (count: number) => Array.from({ length: count }, (_, at) => `${9_876_500_000 + at},Person ${at},4500,2026-12-25,1975\n`).join("");

describe("answers", () => {
  it("carry security headers and a request id; a harmless id of the caller is kept", async () => {
    const answer = await api.ask("GET", "/v1/campaigns", { headers: { "x-request-id": "crm-0001-abcdef" } });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "x-request-id": "crm-0001-abcdef",
    });
    expect(answer.headers.get("x-powered-by")).toBeNull();
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    const hostile = await api.ask("GET", "/v1/campaigns", { headers: { "x-request-id": "<script>alert(1)</script>" } });
    expect(hostile.headers.get("x-request-id")).toMatch(/^[0-9a-f]{24}$/);
  });

  it("lists come in pages of at most 200, without a gap and without an end in the middle", async () => {
    const ids = new Set<string>();
    for (let made = 0; made < 7; made++) ids.add(await api.newCampaign());
    const seen: string[] = [];
    let cursor = "";
    do {
      const page = (await api.ask("GET", `/v1/campaigns?limit=3${cursor}`)).json() as { items: { id: string }[]; next_cursor: string | null };
      seen.push(...page.items.map((item) => item.id));
      cursor = page.next_cursor === null ? "" : `&cursor=${page.next_cursor}`;
    } while (cursor !== "");
    expect(seen).toHaveLength(new Set(seen).size);
    expect(seen.toSorted().toReversed()).toEqual(seen);
    for (const id of ids) expect(seen).toContain(id);
  });

  it("downloads stream as attachments that nobody sniffs", async () => {
    const campaignId = await api.newCampaign();
    const report = await api.csv(`/v1/campaigns/${campaignId}/contacts`, `${header}${rows(1_200)}12,Bad,1,2026-12-25,1975\n`);
    const rejects = await api.ask("GET", told(report, "rejects_url"));
    expect(rejects.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(rejects.headers.get("content-disposition")).toMatch(/^attachment; filename="rejects-[0-9a-f-]+\.csv"$/);
    expect(rejects.headers.get("x-content-type-options")).toBe("nosniff");
    expect(parse(rejects.text, { bom: true })).toHaveLength(2);

    const csv = await api.ask("GET", `/v1/campaigns/${campaignId}/outcomes.csv`);
    expect(csv.headers.get("content-disposition")).toBe(`attachment; filename="outcomes-${campaignId}.csv"`);
    expect(parse(csv.text, { bom: true, columns: true })).toHaveLength(1_200);
    const ndjson = await api.ask("GET", `/v1/campaigns/${campaignId}/outcomes.ndjson?disposition=promise_to_pay`);
    expect(ndjson.headers.get("content-type")).toContain("application/x-ndjson");
    expect(ndjson.text).toBe("");
    expect((await api.ask("GET", `/v1/campaigns/${campaignId}/outcomes.csv?from=yesterday`)).json()).toMatchObject({ code: "invalid_query" });
  });

  it("a list may come as a file in a form, cut into any pieces", async () => {
    const campaignId = await api.newCampaign();
    const form = new FormData();
    form.append("file", new Blob([`${header}${rows(5_000)}`]), "list.csv");
    const answer = await api.ask("POST", `/v1/campaigns/${campaignId}/contacts?on_duplicate=reject`, { body: form });
    expect(answer.json()).toMatchObject({ rows: 5_000, accepted: 5_000, on_duplicate: "reject" });
    const empty = new FormData();
    empty.append("comment", "no file");
    expect((await api.ask("POST", `/v1/campaigns/${campaignId}/contacts`, { body: empty })).json()).toMatchObject({ status: 422, code: "no_file" });
    const broken = await api.ask("POST", `/v1/campaigns/${campaignId}/contacts`, { body: "--x\r\nnonsense", headers: { "content-type": "multipart/form-data; boundary=x" } });
    expect(broken.json()).toMatchObject({ status: 400, code: "bad_multipart" });
  });

  it("a form may say beside the file what the query may say; the query wins", async () => {
    const send = async (fields: readonly [string, string][], more: { query?: string; after?: [string, string | Blob] } = {}) => {
      const campaignId = await api.newCampaign();
      const form = new FormData();
      for (const [name, value] of fields) form.append(name, value);
      form.append("file", new Blob(["Handset,Who,Sum,due_date,birth_year\n9876543210,Asha,4500,2026-12-25,1975\n"]), "list.csv");
      if (more.after) form.append(...(more.after as [string, string]));
      const answer = await api.ask("POST", `/v1/campaigns/${campaignId}/contacts${more.query ?? ""}`, { body: form, headers: { "idempotency-key": `form-${campaignId}` } });
      return { problem: answer.json(), contacts: (await api.db.selectFrom("contacts").select("id").where("campaign_id", "=", campaignId).execute()).length };
    };
    const columns: [string, string][] = [["map[phone]", "Handset"], ["map[name]", "Who"], ["map[amount_due]", "Sum"]];
    expect(await send([["on_duplicate", "reject"], ...columns])).toMatchObject({ problem: { accepted: 1, on_duplicate: "reject" }, contacts: 1 });
    const overruled = await send([["on_duplicate", "reject"], ...columns, ["map[birth_year]", "nothing"]], { query: "?on_duplicate=replace&map[birth_year]=birth_year" });
    expect(overruled).toMatchObject({ problem: { accepted: 1, on_duplicate: "replace" } });
    expect(await send([["comment", "x"], ...columns])).toMatchObject({ problem: { status: 422, code: "unknown_field", errors: [{ path: "comment" }] }, contacts: 0 });
    expect(await send([["on_duplicate", "all"], ...columns])).toMatchObject({ problem: { code: "invalid_query", errors: [{ path: "on_duplicate" }] }, contacts: 0 });
    expect(await send([...columns, ["map[phone]", "Who"]])).toMatchObject({ problem: { code: "duplicate_parameter", errors: [{ path: "map[phone]" }] }, contacts: 0 });
    expect(await send(columns, { after: ["on_duplicate", "reject"] })).toMatchObject({ problem: { status: 422, code: "field_after_file", errors: [{ path: "on_duplicate" }] }, contacts: 0 });
    expect(await send(columns, { after: ["second", new Blob(["phone\n1"])] })).toMatchObject({ problem: { status: 422, code: "more_than_one_file" }, contacts: 0 });
    expect(await send([], { after: ["on_duplicate", "reject"] })).toMatchObject({ problem: { status: 422 }, contacts: 0 });
  });

  it("maps columns through the query", async () => {
    const campaignId = await api.newCampaign();
    const path = `/v1/campaigns/${campaignId}/contacts?map[phone]=Handset&map[amount_due]=${encodeURIComponent("Sum (₹)")}`;
    const answer = await api.csv(path, "Handset,name,Sum (₹),due_date,birth_year\n9876543210,Asha,4500,2026-12-25,1975\n");
    expect(answer.json()).toMatchObject({ accepted: 1 });
  });

  it("an upload that is cut leaves a failed import and not one contact", async () => {
    const campaignId = await api.newCampaign();
    const gone = new AbortController();
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from(header + rows(2_000)));
      },
    });
    const sent = api.ask("POST", `/v1/campaigns/${campaignId}/contacts`, { body, headers: { "content-type": "text/csv", "idempotency-key": "cut" }, signal: gone.signal });
    const state = async () => (await api.db.selectFrom("imports").select("state").where("campaign_id", "=", campaignId).execute())[0]?.state;
    await expect.poll(state, { timeout: 10_000 }).toBe("running");
    gone.abort();
    await expect(sent).rejects.toThrow();
    await expect.poll(state, { timeout: 10_000 }).toBe("failed");
    expect(await api.db.selectFrom("contacts").select("id").where("campaign_id", "=", campaignId).execute()).toEqual([]);
    const again = await api.csv(`/v1/campaigns/${campaignId}/contacts`, header + rows(3), { "idempotency-key": "cut" });
    expect(again.json()).toMatchObject({ accepted: 3 });
  });
});

describe("instants in a query", () => {
  it("may be written by hand: a day, minutes, a plus that was not encoded", async () => {
    const id = await api.newCampaign();
    for (const from of ["2026-12-01", "2026-12-01T10:00%2B05:30", "2026-12-01T00:00:00+05:30"]) {
      expect((await api.ask("GET", `/v1/campaigns/${id}/outcomes.csv?from=${from}`)).status).toBe(200);
      expect((await api.ask("GET", `/v1/evidence?to=${from}`)).status).toBe(200);
    }
    expect((await api.ask("GET", "/v1/evidence?from=soon")).json()).toMatchObject({ code: "invalid_query", errors: [{ path: "from", message: expect.stringContaining("2026-12-01") as string }] });
  });
});

describe("one call", () => {
  const variables = { amount_due: 4500, due_date: "2026-12-20", birth_year: 1970 };
  const acknowledge = ["no_sender_registration", "no_a2p_declaration", "foreign_caller_number"];

  it("is scheduled, shown, listed and taken back", async () => {
    const scheduled = await api.ask("POST", "/v1/calls", { body: { template: "emi-reminder", to: "98765 43210", name: "Asha", external_id: "CRM-7", not_before: "2026-12-02 11:00", variables, acknowledge } });
    expect(scheduled.json()).toEqual({ id: expect.any(String), state: "waiting", next_attempt_at: "2026-12-02T11:00:00.000+05:30", waiting_because: null });
    const id = told(scheduled, "id");
    expect((await api.ask("GET", `/v1/calls/${id}`)).json()).toMatchObject({ to: "+919876543210", name: "Asha", external_id: "CRM-7", template: "emi-reminder", attempts: [], evidence: [] });
    expect((await api.ask("GET", "/v1/calls?external_id=CRM-7&state=waiting")).json()).toMatchObject({ items: [{ id }], next_cursor: null });
    const again = await api.ask("POST", "/v1/calls", { body: { template: "emi-reminder", to: "+919876543210", variables } });
    expect(again.json()).toMatchObject({ status: 409, code: "call_already_scheduled", call_id: id });
    expect((await api.ask("DELETE", `/v1/calls/${id}`)).json()).toEqual({ id, state: "cancelled" });
    expect((await api.ask("POST", "/v1/calls", { body: { template: "emi-reminder", to: "+919876543210", variables } })).status).toBe(201);
  });
});

describe("progress as events", () => {
  async function listen(campaignId: string) {
    const stop = new AbortController();
    const response = await fetch(`${api.origin}/v1/campaigns/${campaignId}/events`, { headers: { authorization: `Bearer ${api.key}` }, signal: stop.signal });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = "";
    return {
      response,
      async next(): Promise<string> {
        for (;;) {
          const end = text.indexOf("\n\n");
          if (end !== -1) {
            const event = text.slice(0, end);
            text = text.slice(end + 2);
            return event;
          }
          const { value, done } = await reader.read();
          if (done) return "end";
          text += Buffer.from(value).toString();
        }
      },
      stop: () => stop.abort(),
    };
  }

  it("tells at once, then on every change, and keeps the line open in between", async () => {
    const campaignId = await api.newCampaign();
    const events = await listen(campaignId);
    expect(events.response.headers.get("content-type")).toBe("text/event-stream");
    const first = await events.next();
    expect(first).toMatch(/^event: progress\ndata: \{/);
    expect(JSON.parse(first.split("data: ")[1] ?? "")).toMatchObject({ campaign_id: campaignId, contacts: 0, state: "draft" });
    await api.csv(`/v1/campaigns/${campaignId}/contacts`, header + rows(2));
    const next = events.next();
    await expect.poll(() => api.clock.pending).toBeGreaterThan(0);
    api.clock.advance(1_000);
    expect(JSON.parse((await next).split("data: ")[1] ?? "")).toMatchObject({ contacts: 2 });
    const silence = events.next();
    for (let second = 0; second < 16; second++) {
      await expect.poll(() => api.clock.pending).toBeGreaterThan(0);
      api.clock.advance(1_000);
    }
    expect(await silence).toBe(": still here");
    events.stop();
  });

  it("end once the campaign is over and nobody is being called any more", async () => {
    const campaignId = await api.newCampaign();
    const who = await api.write.contact(api.accountId, campaignId, testNumber(1));
    await api.db.updateTable("campaigns").set({ state: "cancelled" }).where("id", "=", campaignId).execute();
    const events = await listen(campaignId);
    expect(await events.next()).toContain('"state":"cancelled"');
    const next = events.next();
    await expect.poll(() => api.clock.pending).toBeGreaterThan(0);
    await api.db.updateTable("contacts").set({ state: "cancelled", next_attempt_at: null }).where("id", "=", who).execute();
    api.clock.advance(1_000);
    expect(await next).toMatch(/^event: progress\n/);
    expect(await events.next()).toBe(`event: end\ndata: {"campaign_id":"${campaignId}","state":"cancelled"}`);
    expect(await events.next()).toBe("end");
  });

  it("of a foreign campaign are refused before they begin", async () => {
    const stranger = await api.stranger();
    const answer = await api.ask("GET", `/v1/campaigns/${await api.newCampaign()}/events`, { key: stranger.key });
    expect(answer.json()).toMatchObject({ status: 404, code: "campaign_not_found" });
  });
});

describe("health", () => {
  it("is told without a key and without anything personal", async () => {
    expect((await api.ask("GET", "/healthz", { key: null })).json()).toEqual({ alive: true });
    expect((await api.ask("GET", "/readyz", { key: null })).json()).toEqual({ ready: true, checks: { database: true } });
    await api.ask("DELETE", "/v1/suppressions/9876543210");
    const metrics = await api.ask("GET", "/metrics", { key: null });
    expect(metrics.text).toContain('route="/v1/suppressions/:number"');
    expect(metrics.text).not.toMatch(/9876543210|Person/);
  });

  it("R5.8 a number in a path stays out of the log", async () => {
    await api.ask("DELETE", "/v1/suppressions/9876543210");
    await api.ask("GET", "/v1/suppressions?number=9876543210");
    expect(JSON.stringify(api.log.lines)).not.toContain("9876543210");
  });
});
