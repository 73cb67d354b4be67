import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Pool } from "pg";
import { Registry } from "prom-client";
import { campaignTemplates } from "../../src/adapters/system/campaign-templates.ts";
import { systemRandom } from "../../src/adapters/system/random.ts";
import { openVault } from "../../src/adapters/system/vault.ts";
import type { AccountId, CampaignId } from "../../src/domain/ids.ts";
import { ensureFirstAccount } from "../../src/http/auth/first-account.ts";
import { createApiKey } from "../../src/http/auth/manage-api-keys.ts";
import { type Scope, scopes } from "../../src/http/auth/scopes.ts";
import { type ApiDeps, createApi } from "../../src/http/create-api.ts";
import { operatorRoutes } from "../../src/http/operator-routes.ts";
import { manualClock } from "../support/clock.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { recordingLog } from "../support/log.ts";
import { rowWriter } from "../support/rows.ts";
import { operatorUseCases } from "./use-cases-fixture.ts";

export interface Asked {
  status: number;
  headers: Headers;
  text: string;
  /** The body as a JSON object; fails the test when it is none. */
  json(): Record<string, unknown>;
}

/** The operator API on a port of its own, over the real stages and a real database (a fresh one), with one account and a key for everything. */
export async function apiFixture(given: Partial<Pick<ApiDeps, "rateLimit" | "bodyLimits" | "otherDoors">> & { database?: TestDatabase } = {}) {
  const { database = await testDatabase(), ...options } = given;
  const { db, pool } = database;
  const clock = manualClock("2026-12-01T11:00");
  const log = recordingLog();
  const random = systemRandom;
  const vault = openVault({ rootKey: Buffer.alloc(32, 7), db, random });
  const base = { db, pool, vault, clock, random, log };
  const { accountId, newKey } = await ensureFirstAccount(base, { apiKey: null });
  const key = newKey ?? "";
  const useCases = operatorUseCases({ ...base, templates: campaignTemplates(new URL("../../campaigns/", import.meta.url).pathname) });
  const routes = operatorRoutes(base, useCases);
  const registry = new Registry();
  const app = createApi({ ...base, registry, routes, readiness: async () => ({ ready: true, checks: { database: true } }), rateLimit: { perSecond: 1_000, burst: 100_000 }, ...options });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const write = rowWriter(db, clock, vault);
  const fullCaller = { accountId, apiKeyId: (await db.selectFrom("api_keys").select("id").executeTakeFirstOrThrow()).id, scopes: new Set<string>(scopes) };

  async function ask(method: string, path: string, sent: { key?: string | null; body?: unknown; headers?: Record<string, string>; signal?: AbortSignal } = {}): Promise<Asked> {
    const { body } = sent;
    const raw = body === undefined || typeof body === "string" || body instanceof Uint8Array || body instanceof FormData || body instanceof ReadableStream;
    const presented = sent.key === undefined ? key : sent.key;
    const response = await fetch(origin + path, {
      method,
      headers: {
        ...(presented === null ? {} : { authorization: `Bearer ${presented}` }),
        ...(raw ? {} : { "content-type": "application/json" }),
        ...sent.headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body), duplex: "half" as const }),
      ...(sent.signal ? { signal: sent.signal } : {}),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as Record<string, unknown> };
  }

  return {
    ...base,
    database,
    origin,
    routes,
    registry,
    log,
    accountId,
    key,
    write,
    ask,
    csv: (path: string, text: string, headers: Record<string, string> = {}) => ask("POST", path, { body: text, headers: { "content-type": "text/csv", ...headers } }),
    async newCampaign(overrides: Record<string, unknown> = {}): Promise<CampaignId> {
      const answer = await ask("POST", "/v1/campaigns", { body: { template: "emi-reminder", overrides } });
      return told(answer, "id") as CampaignId;
    },
    /** A key of the account with these scopes only. */
    async keyWith(granted: readonly Scope[], more: { expiresAt?: Date } = {}): Promise<string> {
      return (await createApiKey(base, { caller: fullCaller, name: granted.join(" "), scopes: granted, expiresAt: more.expiresAt ?? null })).key;
    },
    /** Another account of the same deployment, with a key for everything. */
    async stranger(): Promise<{ accountId: AccountId; key: string }> {
      const other = await write.account("Stranger");
      const { key: strangerKey } = await createApiKey(base, { caller: { ...fullCaller, accountId: other }, name: "stranger", scopes, expiresAt: null });
      return { accountId: other, key: strangerKey };
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await database.close();
    },
  };
}

/** A text of the answer's body; fails the test when there is none of that name. */
export function told(answer: Asked, name: string): string {
  const value = answer.json()[name];
  if (typeof value !== "string") throw new Error(`expected ${name} in ${answer.text.slice(0, 400)}`);
  return value;
}

/** Everything a table holds, as text. */
export async function dumpOf(pool: Pool, table: string): Promise<string> {
  const dump = await pool.query<{ text: string }>(`select coalesce(string_agg(t::text, ' '), '') as text from "${table}" t`);
  return dump.rows[0]?.text ?? "";
}

export type ApiFixture = Awaited<ReturnType<typeof apiFixture>>;
