import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiFixture, apiFixture } from "./api-fixture.ts";

let api: ApiFixture;
beforeAll(async () => {
  api = await apiFixture({ rateLimit: { perSecond: 2, burst: 5 } });
});
afterAll(() => api.close());

describe("R5.11 how often a key may ask", () => {
  it("a burst, then the pace, with the time to wait in Retry-After", async () => {
    const burst = await Promise.all(Array.from({ length: 8 }, () => api.ask("GET", "/v1/campaigns")));
    expect(burst.filter((answer) => answer.status === 200)).toHaveLength(5);
    const refused = burst.find((answer) => answer.status === 429);
    expect(refused?.json()).toMatchObject({ code: "rate_limited", retryable: true });
    expect(Number(refused?.headers.get("retry-after"))).toBe(1);
    api.clock.advance(499);
    expect((await api.ask("GET", "/v1/campaigns")).status).toBe(429);
    api.clock.advance(1);
    expect((await api.ask("GET", "/v1/campaigns")).status).toBe(200);
    expect((await api.ask("GET", "/v1/campaigns")).status).toBe(429);
    api.clock.advance(60_000);
    const rested = await Promise.all(Array.from({ length: 6 }, () => api.ask("GET", "/v1/campaigns")));
    expect(rested.filter((answer) => answer.status === 200)).toHaveLength(5);
  });

  it("one key's haste is not another's", async () => {
    const other = await api.keyWith(["campaigns:read"]);
    expect((await api.ask("GET", "/v1/campaigns", { key: other })).status).toBe(200);
  });

  it("what was counted under a clock of another day locks nobody out, and the burst holds from now on", async () => {
    const key = await api.keyWith(["campaigns:read"]);
    expect((await api.ask("GET", "/v1/campaigns", { key })).status).toBe(200);
    const before = await api.db.selectFrom("rate_limits").selectAll().execute();
    for (const row of before) await api.db.updateTable("rate_limits").set({ due_at: new Date(row.due_at.getTime() + 12 * 3_600_000) }).where("key", "=", row.key).execute();
    const burst = await Promise.all(Array.from({ length: 8 }, () => api.ask("GET", "/v1/campaigns", { key })));
    expect(burst.filter((answer) => answer.status === 200)).toHaveLength(5);
    expect(burst.find((answer) => answer.status === 429)?.headers.get("retry-after")).toBe("1");
  });

  it("when the limiter fails, reading goes on and changing is refused", async () => {
    const key = await api.keyWith(["campaigns:read", "campaigns:write"]);
    await api.db.schema.alterTable("rate_limits").renameTo("rate_limits_gone").execute();
    expect((await api.ask("GET", "/v1/campaigns", { key })).status).toBe(200);
    const refused = await api.ask("POST", "/v1/campaigns", { key, body: { template: "emi-reminder" } });
    expect(refused.json()).toMatchObject({ status: 503, code: "limiter_unavailable" });
    expect(refused.headers.get("retry-after")).toBe("5");
    await api.db.schema.alterTable("rate_limits_gone").renameTo("rate_limits").execute();
  });
});
