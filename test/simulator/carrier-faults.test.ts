import { describe, expect, it } from "vitest";
import { livelyWorld } from "./support/lively-world.ts";

const busy = "+916000001007";
const outcome = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "answered",
    (error: { status?: number; code?: string | number }) => String(error.code ?? error.status),
  );

describe("a carrier that goes wrong", () => {
  it.each([
    ["lost_response", "ECONNRESET", 1],
    ["error_after", "500", 1],
    ["error_before", "503", 0],
    ["reset_before", "ECONNRESET", 0],
    ["rate_limited", "20429", 0],
    ["refused", "21211", 0],
  ] as const)("on %s our side sees %s and there are %i calls", async (create, seen, calls) => {
    const { call, world } = await livelyWorld();
    world.faults.onNextCall({ create });
    expect(await outcome(call(busy))).toBe(seen);
    expect(world.ledger.callsTo(busy)).toHaveLength(calls);
    expect(await outcome(call("+916000001032"))).toBe("answered");
  });

  it("rings although its answer never came", async () => {
    const { call, world, ours } = await livelyWorld();
    world.faults.onNumber(busy, { create: "lost_response" });
    await outcome(call(busy));
    await world.ledger.until((event) => event.kind === "webhook" && event.form["CallStatus"] === "busy");
    await world.ledger.until((event) => event.kind === "webhook" && event.form["CallStatus"] === "initiated");
    expect(ours.statuses().sort()).toEqual(["busy", "initiated"]);
  });

  it("calls back before it answers", async () => {
    const { call, world, ours } = await livelyWorld();
    world.faults.onNextCall({ callbackBefore201: true });
    await call(busy);
    expect(ours.statuses()).toContain("initiated");
  });

  it("doubles callbacks under one idempotency token", async () => {
    const { call, world, ours } = await livelyWorld();
    world.faults.onNextCall({ callbackCopies: 2 });
    await call(busy);
    await world.ledger.until(() => ours.webhooks.length === 4);
    const tokens = ours.webhooks.map((one) => `${one.form["CallStatus"]} ${String(one.headers["i-twilio-idempotency-token"]).slice(-1)}`);
    expect(tokens.sort()).toEqual(["busy 1", "busy 1", "initiated 0", "initiated 0"]);
  });

  it("comes late with callbacks", async () => {
    const { call, world, clock } = await livelyWorld();
    world.faults.onNextCall({ callbackDelayMs: 60_000 });
    const sid = await call(busy);
    await world.ledger.untilEnded(sid);
    await world.ledger.until((event) => {
      if (event.kind === "ended") clock.jumpTo(clock.nowMs() + 60_000);
      return event.kind === "webhook" && event.form["CallStatus"] === "busy";
    });
    const [ended] = world.ledger.eventsOf("ended", sid);
    const told = world.ledger.eventsOf("webhook", sid).find((one) => one.form["CallStatus"] === "busy");
    expect((told?.atMs ?? 0) - (ended?.atMs ?? 0)).toBeGreaterThan(1_000);
  });

  it("sends forged callbacks among the true ones", async () => {
    const { call, world, ours } = await livelyWorld({ faultRates: { forgedCallbacks: 1 } });
    const sid = await call("+916000001008", { timeout: 5 });
    await world.ledger.untilEnded(sid);
    await world.ledger.until((event) => event.kind === "webhook" && event.purpose === "forged");
    expect(ours.webhooks.filter((one) => !one.signatureIsRight)).toMatchObject([{ form: { CallStatus: "completed" } }]);
    expect(world.ledger.errors).toEqual([]);
  });

  it("tells the last first", async () => {
    const { call, world, ours } = await livelyWorld();
    world.faults.onNextCall({ callbacksReversed: true });
    await call("+916000001008", { timeout: 5 });
    await world.ledger.until((event) => event.kind === "webhook" && event.form["CallStatus"] === "initiated");
    expect(ours.statuses()).toEqual(["no-answer", "ringing", "initiated"]);
  });

  it("keeps some callbacks to itself", async () => {
    const { call, world, ours } = await livelyWorld();
    world.faults.onNextCall({ callbacksDropped: ["busy"] });
    const sid = await call(busy);
    await world.ledger.untilEnded(sid);
    await world.ledger.until((event) => event.kind === "webhook");
    expect(ours.statuses()).toEqual(["initiated"]);
    expect(world.ledger.eventsOf("fault", sid)).toMatchObject([{ fault: "busy callback dropped" }]);
  });

  it("forgets calls for a while and fails lists", async () => {
    const { call, client, world, clock } = await livelyWorld({ callsPerSecond: 0.001 });
    world.faults.listLagMs = 5_000;
    world.faults.failLists(500, 1);
    const sid = await call(busy);
    expect(await outcome(client.calls.list())).toBe("500");
    expect(await client.calls.list()).toEqual([]);
    expect(await outcome(client.calls(sid).fetch())).toBe("20404");
    clock.jumpTo(clock.nowMs() + 6_000);
    expect(await client.calls.list()).toHaveLength(1);
  });

  it("draws the same faults for the same seed, in whatever order calls come", async () => {
    const drawn = async (numbers: readonly string[]): Promise<Map<string, string>> => {
      const { call, world } = await livelyWorld({ seed: 7, callsPerSecond: 0.001, faultRates: { rateLimited: 0.3, errorAfter: 0.3 } });
      const seen = new Map<string, string>();
      for (const to of numbers) seen.set(to, await outcome(call(to)));
      await world.close();
      return seen;
    };
    const numbers = Array.from({ length: 12 }, (_, index) => `+9160000020${index + 10}`);
    const once = await drawn(numbers);
    expect(await drawn([...numbers].reverse())).toEqual(once);
    expect(new Set(once.values())).toEqual(new Set(["answered", "20429", "500"]));
  });

  it("retries a webhook as its address asks, and gives up after fifteen seconds at most", async () => {
    const { call, world, ours } = await livelyWorld();
    let asked = 0;
    ours.answer = () => (++asked < 3 ? 503 : 200);
    await call(busy, { statusCallback: `${ours.origin}/status?t=a#rc=5&rp=all`, statusCallbackEvent: ["completed"] });
    await world.ledger.until((event) => event.kind === "webhook" && event.status === 200);
    expect(world.ledger.eventsOf("webhook").map((one) => [one.attempt, one.status])).toEqual([[0, 503], [1, 503], [2, 200]]);
    expect(ours.webhooks.map((one) => one.headers["i-twilio-idempotency-token"] !== undefined)).toEqual([false, true, true]);
    expect(world.ledger.errors).toEqual([]);
  });

  it("writes down a webhook that our side never answers well", async () => {
    const { call, world, ours } = await livelyWorld();
    ours.answer = () => 500;
    await call(busy, { statusCallbackEvent: ["completed"] });
    await world.ledger.until((event) => event.kind === "error");
    expect(world.ledger.errors).toMatchObject([{ code: "webhook_failed" }]);
  });

  it("notices when our side lets a forged callback or a forged stream in", async () => {
    const { call, world, ours } = await livelyWorld();
    const sid = await call(busy);
    expect(await world.carrier.forgeCallback(sid)).toBe(403);
    expect(await world.carrier.forgeStream(ours.mediaUrl)).toBe(false);
    expect(world.ledger.errors).toEqual([]);
  });
});
