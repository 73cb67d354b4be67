import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scopes } from "../../src/http/auth/scopes.ts";
import type { Route } from "../../src/http/route.ts";
import { type ApiFixture, apiFixture, type Asked, told } from "./api-fixture.ts";

/** One thing of the first account for every kind of path parameter; a parameter nobody made a thing for fails the test. */
interface Things {
  [parameter: string]: string;
}

let api: ApiFixture;
let things: Things;
let canary: string;
beforeAll(async () => {
  api = await apiFixture();
  canary = "Kanarienvogel";
  things = await makeThings();
});
afterAll(() => api.close());

async function makeThings(): Promise<Things> {
  const campaignId = await api.newCampaign({ name: canary });
  const list = await api.csv(`/v1/campaigns/${campaignId}/contacts`, `phone,name,amount_due,due_date,birth_year\n9876543210,${canary},4500,2026-12-25,1975\n12,${canary},1,2026-12-25,1975\n`);
  const call = await api.db.selectFrom("contacts").select("id").where("campaign_id", "=", campaignId).executeTakeFirstOrThrow();
  const key = await api.ask("POST", "/v1/api-keys", { body: { name: canary, scopes: ["campaigns:read"] } });
  await api.ask("POST", "/v1/suppressions", { body: { number: "9876543299", reason: canary } });
  const paper = await api.ask("POST", "/v1/sender-papers", { body: { kind: "registration", reference: canary } });
  const hold = await api.ask("POST", "/v1/holds", { body: { number: "9876543298", kind: "complaint", note: canary } });
  const endpoint = await api.ask("POST", "/v1/webhook-endpoints", { body: { url: `https://example.com/${canary}` } });
  await api.ask("POST", "/v1/consents", { body: { consents: [{ number: "9876543298", basis: "explicit", purpose: canary, given_at: "2026-11-01T10:00:00+05:30" }] } });
  return {
    campaign_id: campaignId,
    import_id: told(list, "import_id"),
    call_id: call.id,
    key_id: told(key, "id"),
    paper_id: told(paper, "id"),
    hold_id: told(hold, "id"),
    endpoint_id: told(endpoint, "id"),
    number: "9876543299",
  };
}

function pathOf(route: Route, values: (parameter: string) => string): string {
  return route.path.replace(/:([a-z_]+)/g, (_, parameter: string) => encodeURIComponent(values(parameter)));
}

/** A request that passes every check before the use case, as far as one body fits all. */
function ask(route: Route, path: string, key: string | null): Promise<Asked> {
  const body = route.bodyKind === "none" || route.method === "get" ? undefined : route.bodyOptional ? {} : bodies[`${route.method} ${route.path}`];
  const list = typeof body === "string";
  return api.ask(route.method.toUpperCase(), path, { key, ...(body === undefined ? {} : { body, headers: list ? { "content-type": "text/csv" } : {} }), signal: AbortSignal.timeout(10_000) });
}

const bodies: Record<string, unknown> = {
  "post /v1/campaigns": { template: "no-such" },
  "patch /v1/campaigns/:campaign_id": { weight: 2 },
  "post /v1/campaigns/:campaign_id/contacts": "phone,name,amount_due,due_date,birth_year\n9876543222,x,1,2026-12-25,1975\n",
  "post /v1/calls": { template: "no-such", to: "9876543210" },
  "post /v1/suppressions": { number: "12" },
  "post /v1/campaigns/:campaign_id/scrub-runs": { provider: "x", reference: "y", scrubbed_at: "2026-12-01T10:00:00+05:30", blocked: [] },
  "post /v1/preferences/imports": "number\n12\n",
  "post /v1/sender-papers": { kind: "registration", reference: "x" },
  "post /v1/consents": { consents: [{ number: "12", basis: "explicit", given_at: "2026-12-01T10:00:00+05:30" }] },
  "post /v1/consents/revocations": { number: "12" },
  "post /v1/holds": { number: "12", kind: "complaint" },
  "post /v1/webhook-endpoints": { url: "http://127.0.0.1/" },
  "post /v1/webhook-endpoints/:endpoint_id/replay": { event_id: "01900000-0000-7000-8000-000000000000" },
  "post /v1/erasures": { number: "12" },
  "post /v1/api-keys": { name: "x", scopes: ["admin"] },
};

const streams = (route: Route) => route.answer.media?.includes("text/event-stream") === true;

describe("every route", () => {
  it("has a body in this test, so that nothing escapes it", () => {
    const missing = api.routes.filter((route) => !["none"].includes(route.bodyKind) && !route.bodyOptional && !(`${route.method} ${route.path}` in bodies));
    expect(missing.map((route) => `${route.method} ${route.path}`)).toEqual([]);
  });

  it("is known to the route list, word for word", () => {
    expect(api.routes.map((route) => `${route.method.toUpperCase()} ${route.path} ${route.scope}${route.audit ? " audited" : ""}`)).toMatchSnapshot();
  });

  it("that changes something is audited, and no other", () => {
    for (const route of api.routes) expect([route.path, route.audit !== undefined]).toEqual([route.path, route.method !== "get"]);
  });

  it("answers 401 without a key", async () => {
    for (const route of api.routes) {
      const answer = await ask(route, pathOf(route, () => randomUUID()), null);
      expect([route.path, answer.status]).toEqual([route.path, 401]);
    }
  });

  it("R5.3 × scope: opens with its own scope and with no other", async () => {
    const keys = await Promise.all(scopes.map(async (scope) => ({ scope, key: await api.keyWith([scope]) })));
    for (const route of api.routes) {
      for (const { scope, key } of keys) {
        const answer = await ask(route, pathOf(route, () => randomUUID()), key);
        const forbidden = answer.status === 403 && answer.json()["code"] === "missing_scope";
        expect([route.method, route.path, scope, forbidden]).toEqual([route.method, route.path, scope, route.scope !== scope]);
        if (!forbidden) expect(answer.status).toBeLessThan(500);
      }
    }
  });

  it("R5.4 × foreign account: what belongs to another account is not there, and stays as it is", async () => {
    const stranger = await api.stranger();
    const before = await snapshot();
    for (const route of api.routes.filter((each) => each.path.includes(":"))) {
      const path = pathOf(route, (parameter) => {
        const thing = things[parameter];
        if (thing === undefined) throw new Error(`expected a thing for the parameter ${parameter} of ${route.path}`);
        return thing;
      });
      const answer = await ask(route, path, stranger.key);
      expect([route.method, route.path, answer.status]).toEqual([route.method, route.path, 404]);
      expect(answer.text).not.toContain(canary);
    }
    expect(await snapshot()).toEqual(before);
  });

  it("R5.4 lists show nothing of another account", async () => {
    const stranger = await api.stranger();
    for (const route of api.routes.filter((each) => each.method === "get" && !each.path.includes(":") && !streams(each))) {
      const answer = await ask(route, !route.query.safeParse({}).success ? `${route.path}?number=9876543298` : route.path, stranger.key);
      expect([route.path, answer.status]).toEqual([route.path, 200]);
      expect(answer.text).not.toContain(canary);
    }
    const foreign = await api.ask("GET", `/v1/calls?campaign_id=${things["campaign_id"]}`, { key: stranger.key });
    expect(foreign.json()).toMatchObject({ items: [] });
  });
});

async function snapshot(): Promise<unknown> {
  const campaigns = await api.db.selectFrom("campaigns").selectAll().where("account_id", "=", api.accountId).orderBy("id").execute();
  const contacts = await api.db.selectFrom("contacts").selectAll().where("account_id", "=", api.accountId).orderBy("id").execute();
  const keys = await api.db.selectFrom("api_keys").select(["id", "revoked_at"]).where("account_id", "=", api.accountId).orderBy("id").execute();
  const suppressions = await api.db.selectFrom("suppressions").selectAll().where("account_id", "=", api.accountId).orderBy("id").execute();
  const papers = await api.db.selectFrom("sender_papers").selectAll().where("account_id", "=", api.accountId).orderBy("id").execute();
  const holds = await api.db.selectFrom("contact_holds").selectAll().where("account_id", "=", api.accountId).orderBy("id").execute();
  const endpoints = await api.db.selectFrom("webhook_endpoints").selectAll().where("account_id", "=", api.accountId).orderBy("id").execute();
  return { campaigns, contacts, keys, suppressions, papers, holds, endpoints };
}
