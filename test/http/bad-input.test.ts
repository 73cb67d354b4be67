import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiFixture, apiFixture, type Asked } from "./api-fixture.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await apiFixture();
});
afterAll(() => api.close());

/** Every refusal is an RFC 9457 document that says the same thing in its header, its status and its code. */
function expectProblem(answer: Asked, status: number, code: string): Record<string, unknown> {
  const problem = answer.json();
  expect(problem).toMatchObject({ status, code, type: `urn:problem:${code}`, title: expect.any(String), detail: expect.any(String) });
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  if (status === 400 || status === 422) expect(problem["errors"]).toEqual(expect.arrayContaining([{ path: expect.any(String), message: expect.any(String) }]));
  expect(problem["instance"]).toBe(`urn:request:${answer.headers.get("x-request-id")}`);
  return problem;
}

async function rowsOf(table: "campaigns" | "contacts" | "imports" | "import_rows" | "suppressions" | "idempotency_keys"): Promise<number> {
  const row = await api.db.selectFrom(table).select((e) => e.fn.countAll<number>().as("n")).executeTakeFirstOrThrow();
  return Number(row.n);
}

const papers = ["no_sender_registration", "no_a2p_declaration", "foreign_caller_number"];

describe("bad input gets a clear problem document and leaves nothing behind", () => {
  it.each([
    ["no key", null, 401, "missing_key"],
    ["a key that is none", "nonsense", 401, "invalid_key"],
    ["a key with a wrong checksum", "vd_live_000000000000_00000000000000000000000000000000_00000000", 401, "invalid_key"],
    ["a key nobody made", "a-long-enough-key-of-somebody", 401, "invalid_key"],
  ])("%s", async (_, key, status, code) => {
    const answer = await api.ask("GET", "/v1/campaigns", { key });
    expectProblem(answer, status, code);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
  });

  it.each([
    ["not JSON", "{", 400, "bad_json"],
    ["not UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), 400, "bad_json"],
    ["too deep", "[".repeat(100_000) + "]".repeat(100_000), 400, "bad_json"],
    ["a NUL inside a text", '{"template":"emi-reminder","name":"a\\u0000b"}', 400, "bad_json"],
    ["a NUL inside a key", '{"template":"emi-reminder","overrides":{"variables":{"a\\u0000b":{"type":"text"}}}}', 400, "bad_json"],
    ["half of a character", '{"template":"emi-reminder","overrides":{"name":"\\ud83d"}}', 400, "bad_json"],
    ["an array", "[]", 422, "invalid_body"],
    ["null", "null", 422, "invalid_body"],
    ["nothing to create from", "{}", 422, "definition_or_template"],
    ["an unknown template", '{"template":"no-such-thing"}', 422, "unknown_template"],
    ["a template outside its folder", '{"template":"../package"}', 422, "unknown_template"],
    ["an unknown key", '{"template":"emi-reminder","colour":"red"}', 422, "invalid_body"],
    ["an unknown key in the definition", '{"template":"emi-reminder","overrides":{"limits":{"atempts":3}}}', 422, "invalid_definition"],
    ["__proto__", '{"template":"emi-reminder","__proto__":{"name":"x"}}', 422, "invalid_body"],
  ])("a campaign from %s", async (_, body, status, code) => {
    const before = await rowsOf("campaigns");
    const answer = await api.ask("POST", "/v1/campaigns", { body, headers: { "content-type": "application/json" } });
    expectProblem(answer, status, code);
    expect(await rowsOf("campaigns")).toBe(before);
  });

  it.each([
    ["POST", "/v1/campaigns", {}, "definition_or_template", "definition"],
    ["POST", "/v1/campaigns", { template: "none" }, "unknown_template", "template"],
    ["POST", "/v1/calls", undefined, "missing_body", ""],
    ["POST", "/v1/api-keys", { name: "x", scopes: ["campaigns:read"], expires_at: "2020-01-01T00:00:00+05:30" }, "already_expired", "expires_at"],
    ["GET", "/v1/campaigns?limit=1&limit=2", undefined, "duplicate_parameter", "limit"],
    ["GET", "/v1/campaigns?limit=0", undefined, "invalid_query", "limit"],
    ["GET", "/v1/campaigns?colour=red", undefined, "invalid_query", "colour"],
    ["GET", "/v1/campaigns?cursor=%00", undefined, "invalid_query", "cursor"],
  ])("names the field: %s %s %j", async (method, path, body, code, field) => {
    expect((await api.ask(method, path, body === undefined ? {} : { body })).json()).toMatchObject({ code, errors: [{ path: field, message: expect.stringMatching(/./) as string }] });
  });

  it.each([
    ["name,amount_due,due_date,birth_year\nAsha,1,2026-12-25,1975\n", "no_phone_column", "phone"],
    ["mobile,phone no,mob,amount_due,due_date,birth_year\n1,2,3,1,2026-12-25,1975\n", "ambiguous_column", "phone"],
    ["phone,name,amount_due,due_date,birth_year\n", "no_rows", ""],
  ])("names the column: %j", async (text, code, field) => {
    expect((await api.csv(`/v1/campaigns/${await api.newCampaign()}/contacts`, text)).json()).toMatchObject({ code, errors: [{ path: field }] });
  });

  it("an empty body counts as none, whatever type it names: good where a body is optional, missing where it is not", async () => {
    const campaignId = await api.newCampaign();
    const headers = { "content-type": "application/json" };
    expectProblem(await api.ask("POST", `/v1/campaigns/${campaignId}/pause`, { headers }), 409, "wrong_state");
    expectProblem(await api.ask("POST", "/v1/campaigns", { headers }), 422, "missing_body");
  });

  it("names the unknown key", async () => {
    const answer = await api.ask("POST", "/v1/campaigns", { body: { template: "emi-reminder", colour: "red" } });
    expect(answer.json()["errors"]).toEqual([{ path: "colour", message: "this key is not known" }]);
    const deep = await api.ask("POST", "/v1/campaigns", { body: { template: "emi-reminder", overrides: { limits: { atempts: 3 } } } });
    expect(JSON.stringify(deep.json()["errors"])).toContain("atempts");
  });

  it.each([
    ["an empty body", "", 422, "empty_file"],
    ["a header only", "phone,name,amount_due,due_date,birth_year\n", 422, "no_rows"],
    ["no phone column", "name,amount_due,due_date,birth_year\nAsha,1,2026-12-25,1975\n", 422, "no_phone_column"],
    ["missing columns", "phone\n9876543210\n", 422, "missing_columns"],
    ["one line of 10 MB", "9".repeat(10_000_000), 422, "header_too_long"],
    ["a workbook", "PK\u0003\u0004xxxx", 415, "not_csv"],
    ["65 columns", `phone${",x".repeat(64)}\n`, 422, "too_many_columns"],
  ])("a list with %s", async (_, text, status, code) => {
    const campaignId = await api.newCampaign();
    const before = await rowsOf("imports");
    expectProblem(await api.csv(`/v1/campaigns/${campaignId}/contacts`, text), status, code);
    expect(await rowsOf("imports")).toBe(before);
    expect(await rowsOf("import_rows")).toBe(0);
    expect(await rowsOf("contacts")).toBe(0);
  });

  it("a 10 MB line inside a list is one reported row; the rows around it come in", async () => {
    const campaignId = await api.newCampaign();
    const row = (tail: number) => `98765432${tail},Asha,1,2026-12-25,1975\n`;
    const answer = await api.csv(`/v1/campaigns/${campaignId}/contacts`, `phone,name,amount_due,due_date,birth_year\n${row(10)}${"9".repeat(10_000_000)}\n${row(11)}`);
    expect(answer.status).toBe(201);
    expect(answer.json()).toMatchObject({ rows: 3, accepted: 2, rejects_by_reason: { record_too_long: 1 } });
    await api.db.deleteFrom("contacts").execute();
  });

  it("a body above the limit", async () => {
    const campaignId = await api.newCampaign();
    const endless = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from("phone,name,amount_due,due_date,birth_year\n"));
      },
      pull(controller) {
        controller.enqueue(Buffer.alloc(1_000_000, "x"));
      },
    });
    const answer = await api.ask("POST", `/v1/campaigns/${campaignId}/contacts`, { body: endless, headers: { "content-type": "text/csv" } }).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
    // The service answers and then stops reading; a client that only writes sees the connection close instead.
    if (!(answer instanceof Error)) expectProblem(answer, 413, "body_too_large");
    expect(await rowsOf("contacts")).toBe(0);
    expect(await rowsOf("import_rows")).toBe(0);
    const json = await api.ask("POST", "/v1/campaigns", { body: `"${"x".repeat(3_000_000)}"`, headers: { "content-type": "application/json" } });
    expectProblem(json, 413, "body_too_large");
  });

  it.each<[string, Record<string, string>, number]>([
    ["no content type", {}, 415],
    ["a form for JSON", { "content-type": "application/x-www-form-urlencoded" }, 415],
    ["compressed", { "content-type": "application/json", "content-encoding": "gzip" }, 415],
  ])("%s", async (_, headers, status) => {
    const answer = await api.ask("POST", "/v1/campaigns", { body: new Uint8Array([0x7b, 0x7d]), headers });
    expectProblem(answer, status, "unsupported_media_type");
  });

  it.each([
    ["GET", "/v1/campaigns?limit=201", 400, "invalid_query"],
    ["GET", "/v1/campaigns?limit=0", 400, "invalid_query"],
    ["GET", "/v1/campaigns?limit=ten", 400, "invalid_query"],
    ["GET", "/v1/campaigns?cursor=xyz", 400, "invalid_query"],
    ["GET", "/v1/campaigns?colour=red", 400, "invalid_query"],
    ["GET", "/v1/campaigns?cursor=%00", 400, "invalid_query"],
    ["GET", "/v1/campaigns?limit=1&limit=2", 400, "duplicate_parameter"],
    ["GET", "/v1/campaigns/1", 404, "not_found"],
    ["GET", "/v1/campaigns/%00", 404, "not_found"],
    ["GET", "/v1/campaigns/%zz", 400, "bad_path"],
    ["GET", "/v1/nothing", 404, "not_found"],
    ["PUT", "/v1/campaigns", 405, "method_not_allowed"],
    ["DELETE", "/v1/campaigns", 405, "method_not_allowed"],
  ])("%s %s", async (method, path, status, code) => {
    const answer = await api.ask(method, path);
    expectProblem(answer, status, code);
    if (status === 405) expect(answer.headers.get("allow")).toBe("POST, GET");
  });

  it.each([
    ["no number", { template: "emi-reminder" }, 422, "invalid_body"],
    ["a special series", { template: "emi-reminder", to: "1800 123 456", acknowledge: papers }, 422, "invalid_call"],
    ["missing variables", { template: "emi-reminder", to: "9876543210", acknowledge: papers }, 422, "invalid_call"],
    ["missing papers", { template: "fee-reminder", to: "9876543210" }, 409, "papers_missing"],
    ["papers nobody may vouch for", { template: "fee-reminder", to: "9876543210", acknowledge: ["window"] }, 422, "cannot_acknowledge"],
    ["an unknown template", { template: "nope", to: "9876543210" }, 422, "unknown_template"],
    ["variables that are no values", { template: "emi-reminder", to: "9876543210", variables: { amount_due: [1] } }, 422, "invalid_body"],
  ])("one call with %s", async (_, body, status, code) => {
    expectProblem(await api.ask("POST", "/v1/calls", { body }), status, code);
    expect(await rowsOf("contacts")).toBe(0);
  });

  it("suppressions with one unreadable number change nothing", async () => {
    const answer = await api.ask("POST", "/v1/suppressions", { body: { numbers: ["9876543210", "12"] } });
    expectProblem(answer, 422, "invalid_numbers");
    expect(await rowsOf("suppressions")).toBe(0);
    expectProblem(await api.ask("POST", "/v1/suppressions", { body: { reason: "x" } }), 422, "invalid_body");
  });

  it("a failure on our side says nothing but that, and the log has the request id", async () => {
    await api.db.schema.alterTable("campaigns").renameTo("campaigns_gone").execute();
    const answer = await api.ask("GET", "/v1/campaigns");
    await api.db.schema.alterTable("campaigns_gone").renameTo("campaigns").execute();
    const problem = expectProblem(answer, 500, "internal_error");
    expect(problem["detail"]).not.toMatch(/campaigns|relation|sql/i);
    const line = api.log.lines.findLast((each) => each.sentence === "a request failed");
    expect(line?.fields["requestId"]).toBe(answer.headers.get("x-request-id"));
  });
});
