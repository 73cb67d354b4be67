import fc from "fast-check";
import type { Route } from "../../src/http/route.ts";
import { type ApiFixture, type Asked, told } from "./api-fixture.ts";

/** One of two accounts that share a deployment, with a word and numbers that only it uses, and what it has made so far. */
interface Tenant {
  key: string;
  canary: string;
  /** All but the last five digits of its own numbers. */
  series: string;
  things: Map<string, string[]>;
  cursors: string[];
}

export interface TwoAccounts {
  api: ApiFixture;
  routes: readonly Route[];
  tenants: readonly [Tenant, Tenant];
}

/** One request: who asks, at which route, about its own things or the other's, which of them, under which idempotency key. */
export interface Step {
  who: 0 | 1;
  route: number;
  foreign: boolean;
  pick: number;
  requestKey: number | null;
}

export const stepsOfTwoAccounts: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    who: fc.constantFrom<0 | 1>(0, 1),
    route: fc.nat({ max: 10_000 }),
    foreign: fc.boolean(),
    pick: fc.nat({ max: 10_000 }),
    requestKey: fc.option(fc.nat({ max: 40 }), { freq: 4 }),
  }),
  { minLength: 2, maxLength: 8 },
);

/** What a successful POST makes, and the key of its answer that names it. */
const makes: Readonly<Record<string, { parameter: string; named: string }>> = {
  "/v1/campaigns": { parameter: "campaign_id", named: "id" },
  "/v1/campaigns/:campaign_id/contacts": { parameter: "import_id", named: "import_id" },
  "/v1/calls": { parameter: "call_id", named: "id" },
  "/v1/sender-papers": { parameter: "paper_id", named: "id" },
  "/v1/holds": { parameter: "hold_id", named: "id" },
  "/v1/webhook-endpoints": { parameter: "endpoint_id", named: "id" },
  "/v1/api-keys": { parameter: "key_id", named: "id" },
};

/** Two accounts of one deployment, each with at least one of everything. */
export async function twoAccounts(api: ApiFixture): Promise<TwoAccounts> {
  const routes = api.routes.filter((route) => route.answer.media?.includes("text/event-stream") !== true);
  const stranger = await api.stranger();
  const tenant = (key: string, canary: string, series: string): Tenant => ({ key, canary, series, things: new Map([["number", [`${series}00001`, "9812345678"]]]), cursors: [] });
  const world: TwoAccounts = { api, routes, tenants: [tenant(api.key, "Kanarienvogel", "98765"), tenant(stranger.key, "Nachtigall", "98220")] };
  for (const who of [0, 1] as const) {
    for (const path of Object.keys(makes)) {
      const route = routes.findIndex((each) => each.method === "post" && each.path === path);
      const answer = await take(world, { who, route, foreign: false, pick: 1, requestKey: null });
      if (answer.status !== 201) throw new Error(`expected ${path} to make something, got ${answer.text}`);
    }
  }
  return world;
}

/** Sends one request after the other; answers what in an answer must not be there, or undefined. */
export async function leakOf(world: TwoAccounts, steps: readonly Step[]): Promise<string | undefined> {
  for (const step of steps) {
    const answer = await take(world, step);
    const other = world.tenants[step.who === 0 ? 1 : 0];
    const seen = [...[...answer.headers].flat(), answer.text].join("\n");
    const wrong = answer.status >= 500 ? `a failure: ${answer.text}` : seen.includes(other.canary) ? other.canary : new RegExp(`91${other.series}\\d{5}`).exec(seen)?.[0];
    if (wrong !== undefined) return `${JSON.stringify(step)} ${world.routes[step.route % world.routes.length]?.path ?? ""}: ${wrong}`;
  }
  return undefined;
}

async function take(world: TwoAccounts, step: Step): Promise<Asked> {
  const route = world.routes[step.route % world.routes.length];
  const me = world.tenants[step.who];
  const owner = world.tenants[step.foreign === (step.who === 0) ? 1 : 0];
  if (!route) throw new Error("expected at least one route");
  const thing = (parameter: string): string => {
    const of = owner.things.get(parameter) ?? [];
    return of[step.pick % of.length] ?? "01900000-0000-7000-8000-000000000000";
  };
  // What the request itself says comes back in many answers: a number of the other is only named in the path of a thing.
  const number = step.pick % 2 === 0 ? "9812345678" : `${me.series}${String(step.pick % 100).padStart(5, "0")}`;
  const path = route.path.replace(/:([a-z_]+)/g, (_, parameter: string) => encodeURIComponent(parameter === "number" ? number : thing(parameter)));
  const body = route.method === "get" || route.method === "delete" ? undefined : bodyOf(route, { me, thing, number, pick: step.pick });
  const answer = await world.api.ask(route.method.toUpperCase(), path + queryOf(route, { owner, thing, number, pick: step.pick }), {
    key: me.key,
    ...(body !== undefined && { body }),
    headers: {
      ...(typeof body === "string" && { "content-type": "text/csv" }),
      ...(route.method === "post" && step.requestKey !== null && { "idempotency-key": `shared-${step.requestKey}` }),
    },
  });
  remember(me, route, answer);
  return answer;
}

interface Saying {
  thing(parameter: string): string;
  number: string;
  pick: number;
}

function queryOf(route: Route, { owner, thing, number, pick }: Saying & { owner: Tenant }): string {
  if (route.method !== "get") return "";
  const query = new URLSearchParams();
  const has = (name: string): boolean => Object.hasOwn(route.query.shape, name);
  const cursor = owner.cursors[pick % Math.max(1, owner.cursors.length)];
  if (has("campaign_id") && pick % 3 === 0) query.set("campaign_id", thing("campaign_id"));
  else if (has("number") && (pick % 3 === 1 || !route.query.safeParse({}).success)) query.set("number", number);
  if (has("cursor") && cursor !== undefined && pick % 5 === 0) query.set("cursor", cursor);
  if (has("limit")) query.set("limit", String(1 + (pick % 20)));
  return query.size === 0 ? "" : `?${query.toString()}`;
}

function bodyOf(route: Route, { me, thing, number, pick }: Saying & { me: Tenant }): unknown {
  const papers = ["no_sender_registration", "no_a2p_declaration", "foreign_caller_number"];
  const instant = "2026-11-20T10:00:00+05:30";
  const bodies: Record<string, unknown> = {
    "post /v1/campaigns": { template: "emi-reminder", overrides: { name: me.canary } },
    "patch /v1/campaigns/:campaign_id": { weight: 1 + (pick % 9) },
    "post /v1/campaigns/:campaign_id/contacts": `phone,name,amount_due,due_date,birth_year\n${number},${me.canary},4500,2026-12-25,1975\n${me.series}1,${me.canary},1,2026-12-25,1975\n`,
    "post /v1/calls": { template: "emi-reminder", to: `${me.series}${String(pick % 100_000).padStart(5, "0")}`, variables: { name: me.canary, amount_due: 1, due_date: "2026-12-25", birth_year: 1975 }, acknowledge: papers },
    "post /v1/suppressions": { number, reason: me.canary },
    "post /v1/campaigns/:campaign_id/scrub-runs": { provider: me.canary, reference: `r${pick % 50}`, scrubbed_at: instant, blocked: [number] },
    "post /v1/preferences/imports": `number,preference\n${number},1\n12,${me.canary}\n`,
    "post /v1/sender-papers": { kind: "registration", reference: me.canary },
    "post /v1/consents": { consents: [{ number, basis: "explicit", purpose: me.canary, given_at: instant }] },
    "post /v1/consents/revocations": { number },
    "post /v1/holds": { number, kind: "complaint", note: me.canary },
    "post /v1/webhook-endpoints": { url: `https://example.com/${me.canary}` },
    "post /v1/webhook-endpoints/:endpoint_id/replay": { event_id: thing("call_id") },
    "post /v1/erasures": { number },
    "post /v1/api-keys": { name: me.canary, scopes: ["campaigns:read"] },
  };
  return bodies[`${route.method} ${route.path}`] ?? {};
}

function remember(me: Tenant, route: Route, answer: Asked): void {
  if (answer.status >= 300 || !answer.headers.get("content-type")?.startsWith("application/json")) return;
  const made = route.method === "post" ? makes[route.path] : undefined;
  if (made) me.things.set(made.parameter, [...(me.things.get(made.parameter) ?? []), told(answer, made.named)].slice(-20));
  const cursor = answer.json()["next_cursor"];
  if (typeof cursor === "string") me.cursors = [...me.cursors, cursor].slice(-20);
}
