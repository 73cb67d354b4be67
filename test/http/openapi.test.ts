import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { E164 } from "../../src/domain/phone-number.ts";
import { operationId } from "../../src/http/openapi.ts";
import { type ApiFixture, apiFixture } from "./api-fixture.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await apiFixture();
});
afterAll(() => api.close());

interface Operation {
  operationId: string;
  description: string;
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, unknown> };
  responses: Record<string, { content?: Record<string, unknown> }>;
}

/** Names under every `properties` of a JSON schema, wherever it stands. */
function propertyNames(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(propertyNames);
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => [
    ...(key === "properties" && typeof value === "object" && value !== null ? Object.keys(value) : []),
    ...propertyNames(value),
  ]);
}

describe("the API document", () => {
  it("describes every route, its parameters, bodies, answers and refusals, without a key", async () => {
    const answer = await api.ask("GET", "/openapi.json", { key: null });
    const document = answer.json() as { openapi: string; paths: Record<string, Record<string, Operation>> };
    expect(document.openapi).toBe("3.1.0");
    for (const route of api.routes) {
      const operation = document.paths[route.path.replace(/:([a-z_]+)/g, "{$1}")]?.[route.method];
      if (!operation) throw new Error(`expected ${route.method} ${route.path} in the document`);
      expect(operation.operationId).toBe(operationId(route));
      expect(operation.description).toContain(route.scope);
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === "path").map((parameter) => parameter.name);
      expect(inPath).toEqual([...route.path.matchAll(/:([a-z_]+)/g)].map((match) => match[1]));
      expect(operation.requestBody !== undefined).toBe(route.bodyKind !== "none");
      expect(operation.responses[String(route.answer.status)]).toBeDefined();
      expect(Object.keys(operation.responses["default"]?.content ?? {})).toEqual(["application/problem+json"]);
    }
    const ids = api.routes.map(operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("spells every name of every body and answer in snake_case", async () => {
    const document = (await api.ask("GET", "/openapi.json", { key: null })).json();
    const names = propertyNames(document);
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
  });

  it("answers have the shape that the document promises", async () => {
    const campaignId = await api.newCampaign();
    await api.csv(`/v1/campaigns/${campaignId}/contacts`, "phone,name,amount_due,due_date,birth_year\n9876543210,Asha,4500,2026-12-25,1975\n12,x,1,2026-12-25,1975\n");
    const contact = await api.db.selectFrom("contacts").select("id").executeTakeFirstOrThrow();
    const importId = await api.db.selectFrom("imports").select("id").executeTakeFirstOrThrow();
    await api.ask("POST", "/v1/suppressions", { body: { number: "9876543219" } });
    await api.ask("POST", "/v1/sender-papers", { body: { kind: "a2p_declaration", reference: "A2P-1", caller_numbers: ["+911600123456"] } });
    await api.ask("POST", "/v1/holds", { body: { number: "9876543219", kind: "hours", hours: { from: "18:00", to: "19:00" } } });
    await api.ask("POST", "/v1/consents", { body: { consents: [{ number: "9876543219", basis: "explicit", given_at: "2026-11-01T10:00:00+05:30" }] } });
    await api.ask("POST", "/v1/webhook-endpoints", { body: { url: "https://example.com/hook" } });
    await api.db
      .insertInto("evidence")
      .values({ account_id: api.accountId, contact_id: contact.id, campaign_id: campaignId, attempt_id: null, number_key: api.vault.numberKey("+919876543210" as E164), at: new Date(api.clock.nowMs()), ist: "2026-12-01T11:00:00.000+05:30", decision: "never", code: "suppressed", caller_number: null, body: "{}" })
      .execute();
    const values: Record<string, string> = { campaign_id: campaignId, call_id: contact.id, import_id: importId.id, number: "9876543219" };
    for (const route of api.routes.filter((each) => each.method === "get" && each.answer.schema)) {
      const path = route.path.replace(/:([a-z_]+)/g, (_, name: string) => values[name] ?? "missing") + (route.query.shape["number"] ? "?number=9876543219" : "");
      const answer = await api.ask("GET", path);
      expect([path, answer.status]).toEqual([path, 200]);
      const checked = route.answer.schema?.safeParse(answer.json());
      expect([path, checked?.error?.issues ?? []]).toEqual([path, []]);
    }
  });

  it("names a piece of evidence by one id, in its list and in the call it is about", async () => {
    const { items } = (await api.ask("GET", "/v1/evidence")).json() as { items: { id: string; contact_id: string | null }[] };
    const about = items.find((line) => line.contact_id !== null);
    const call = (await api.ask("GET", `/v1/calls/${about?.contact_id}`)).json() as { evidence: { id: string }[] };
    expect(call.evidence.map((line) => line.id)).toEqual([about?.id]);
  });

  it("is shown by Swagger UI from this machine only, under a strict policy", async () => {
    const page = await api.ask("GET", "/docs", { key: null });
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(sources.length).toBeGreaterThan(3);
    for (const source of sources) {
      expect(source).toMatch(/^\/docs\//);
      expect((await api.ask("GET", source, { key: null })).status).toBe(200);
    }
  });
});
