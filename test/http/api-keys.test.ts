import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openVault } from "../../src/adapters/system/vault.ts";
import { seededRandom } from "../../src/domain/random.ts";
import { newApiKey, readApiKey, secretHash, secretMatches } from "../../src/http/auth/api-key-format.ts";
import { ensureFirstAccount } from "../../src/http/auth/first-account.ts";
import { scopes } from "../../src/http/auth/scopes.ts";
import { type ApiFixture, apiFixture, dumpOf, told } from "./api-fixture.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await apiFixture();
});
afterAll(() => api.close());

describe("the form of API keys", () => {
  it("is vd_live_<id>_<secret>_<crc32>, reads back, and no other key is the same", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const made = newApiKey(seededRandom(seed));
        expect(made.key).toMatch(/^vd_live_[0-9a-z]{12}_[0-9a-z]{32}_[0-9a-f]{8}$/);
        expect(readApiKey(made.key)).toEqual({ keyId: made.keyId, secret: made.secret });
      }),
    );
  });

  it("one changed character makes it no key at all", () => {
    const { key } = newApiKey(seededRandom(1));
    for (let at = 0; at < key.length; at++) {
      const changed = key.slice(0, at) + (key[at] === "7" ? "8" : "7") + key.slice(at + 1);
      const read = readApiKey(changed);
      if (read) expect(read.keyId).toMatch(/^own_/);
    }
    expect(readApiKey(key.toUpperCase())?.keyId).toMatch(/^own_/);
    expect(readApiKey("short")).toBeUndefined();
    expect(readApiKey("x".repeat(513))).toBeUndefined();
  });

  it("compares secrets whole", () => {
    expect(secretMatches("right", secretHash("right"))).toBe(true);
    expect(secretMatches("wrong", secretHash("right"))).toBe(false);
    expect(secretMatches("right", undefined)).toBe(false);
  });
});

describe("keys through the API", () => {
  it("R5.3 a dump of the database holds no usable key", async () => {
    const made = await api.ask("POST", "/v1/api-keys", { body: { name: "crm", scopes: ["campaigns:read"] }, headers: { "idempotency-key": "make-crm-key" } });
    expect(made.status).toBe(201);
    const key = told(made, "key");
    expect((await api.ask("GET", "/v1/campaigns", { key })).status).toBe(200);
    const secret = readApiKey(key)?.secret ?? "?";
    const tables = await api.pool.query("select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'");
    for (const { table_name: table } of tables.rows as { table_name: string }[]) {
      const dump = await dumpOf(api.pool, table);
      expect(dump).not.toContain(secret);
      expect(dump).not.toContain(Buffer.from(secret).toString("hex"));
    }
  });

  it("a key is listed without its secret, with when it was last used", async () => {
    await api.ask("GET", "/v1/campaigns");
    const { items } = (await api.ask("GET", "/v1/api-keys")).json() as { items: Record<string, unknown>[] };
    expect(items.find((item) => item["name"] === "bootstrap")).toEqual({
      id: expect.any(String),
      name: "bootstrap",
      scopes: [...scopes],
      created_at: expect.stringMatching(/\+05:30$/),
      expires_at: null,
      last_used_at: expect.stringMatching(/\+05:30$/),
      revoked_at: null,
    });
  });

  it("a revoked key opens nothing any more; revoking again changes nothing", async () => {
    const made = await api.ask("POST", "/v1/api-keys", { body: { name: "gone", scopes: ["campaigns:read"] } });
    expect((await api.ask("DELETE", `/v1/api-keys/${told(made, "id")}`)).status).toBe(204);
    expect((await api.ask("GET", "/v1/campaigns", { key: told(made, "key") })).json()).toMatchObject({ status: 401, code: "invalid_key" });
    expect((await api.ask("DELETE", `/v1/api-keys/${told(made, "id")}`)).status).toBe(204);
  });

  it("a key expires at its instant", async () => {
    const key = await api.keyWith(["campaigns:read"], { expiresAt: new Date(api.clock.nowMs() + 60_000) });
    expect((await api.ask("GET", "/v1/campaigns", { key })).status).toBe(200);
    api.clock.advance(60_000);
    expect((await api.ask("GET", "/v1/campaigns", { key })).json()).toMatchObject({ status: 401, code: "expired_key" });
  });

  it("a key cannot hand out a scope it does not have, nor a key that is already expired", async () => {
    const key = await api.keyWith(["admin"]);
    expect((await api.ask("POST", "/v1/api-keys", { key, body: { name: "more", scopes: ["exports:read"] } })).json()).toMatchObject({ status: 403, code: "scope_not_held" });
    expect((await api.ask("POST", "/v1/api-keys", { body: { name: "old", scopes: ["admin"], expires_at: "2020-01-01T00:00:00Z" } })).json()).toMatchObject({ code: "already_expired" });
    expect((await api.ask("POST", "/v1/api-keys", { body: { name: "x", scopes: ["everything"] } })).json()).toMatchObject({ code: "invalid_body" });
  });

  it("whoever tries keys from one address is slowed down, but not who has one", async () => {
    const world = await apiFixture();
    for (let attempt = 0; attempt < 30; attempt++) await world.ask("GET", "/v1/campaigns", { key: `wrong-key-number-${attempt}-of-many` });
    const slowed = await world.ask("GET", "/v1/campaigns", { key: "wrong-key-number-31-of-many" });
    expect(slowed.json()).toMatchObject({ status: 429, code: "rate_limited" });
    expect(Number(slowed.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await world.ask("GET", "/v1/campaigns")).status).toBe(200);
    world.clock.advance(60_000);
    expect((await world.ask("GET", "/v1/campaigns", { key: "wrong-key-number-32-of-many" })).status).toBe(401);
    await world.close();
  });
});

describe("the first account", () => {
  it("gets one key, shown once, however many processes start at once", async () => {
    const world = await apiFixture();
    await world.db.deleteFrom("rate_limits").execute();
    await world.db.deleteFrom("api_keys").execute();
    const starts = await Promise.all([1, 2, 3, 4].map(() => ensureFirstAccount(world, { apiKey: null })));
    expect(starts.filter((start) => start.newKey !== null)).toHaveLength(1);
    expect(new Set(starts.map((start) => start.accountId)).size).toBe(1);
    expect((await ensureFirstAccount(world, { apiKey: null })).newKey).toBeNull();
    await world.close();
  });

  it("refuses to start under another DATA_KEY than the database was sealed with", async () => {
    const world = await apiFixture();
    const vault = openVault({ rootKey: Buffer.alloc(32, 8), db: world.db, random: world.random });
    await expect(ensureFirstAccount({ ...world, vault }, { apiKey: null })).rejects.toThrow("DATA_KEY");
    await world.close();
  });

  it("takes API_KEY, whatever its form, and lets go of the one before", async () => {
    const world = await apiFixture();
    await ensureFirstAccount(world, { apiKey: "an operator's own choice" });
    expect((await world.ask("GET", "/v1/campaigns", { key: world.key })).status).toBe(401);
    const made = newApiKey(world.random);
    await ensureFirstAccount(world, { apiKey: made.key });
    await ensureFirstAccount(world, { apiKey: made.key });
    expect((await world.ask("GET", "/v1/campaigns", { key: made.key })).status).toBe(200);
    await expect(ensureFirstAccount(world, { apiKey: "short" })).rejects.toThrow("API_KEY");
    await expect(ensureFirstAccount(world, { apiKey: "an operator's own choice" }), "going back to a revoked key").rejects.toThrow("revoked on 2026-12-01T11:00:00.000+05:30");
    expect((await world.ask("GET", "/v1/campaigns", { key: made.key })).status, "the key in force still is").toBe(200);
    await expect(ensureFirstAccount(world, { apiKey: `${made.key.slice(0, -1)}x` })).rejects.toThrow("API_KEY");
    await world.close();
  });
});
