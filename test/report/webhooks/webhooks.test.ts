import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { runningClock } from "../../../src/adapters/system/clock.ts";
import type { WebhookEndpointId } from "../../../src/domain/ids.ts";
import { seededRandom, wholeBelow } from "../../../src/domain/random.ts";
import { deliverWebhook } from "../../../src/report/webhooks/deliver-webhook.ts";
import { replayWebhooks } from "../../../src/report/webhooks/replay-webhooks.ts";
import { startWebhookSender } from "../../../src/report/webhooks/start-webhook-sender.ts";
import { claimDeliveries, fanOutEvents, forgetEvents } from "../../../src/report/webhooks/webhook-deliveries.queries.ts";
import { createWebhookEndpoint, deleteWebhookEndpoint, listWebhookEndpoints } from "../../../src/report/webhooks/webhook-endpoints.ts";
import { manualClock } from "../../support/clock.ts";
import { testDatabase, type TestDatabase } from "../../support/database.ts";
import { emptyLists } from "../../schedule/list-fixture.ts";
import { ok, verified, type WebhookWorld, webhookWorld } from "./webhook-world.ts";

let database: TestDatabase;
let world: WebhookWorld;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await emptyLists(database.db);
  world = await webhookWorld(database);
});
afterEach(() => {
  vi.useRealTimers();
});

/** The receiver's library checks that the timestamp is recent; it is shown the world's clock. */
function receiverReadsTheClock(): void {
  vi.useFakeTimers({ now: world.clock.nowMs(), toFake: ["Date"] });
}

async function deliveries() {
  return database.db.selectFrom("webhook_deliveries").select(["state", "tries", "last_status", "last_error", "next_try_at"]).execute();
}

test("R2.4: what arrives verifies with the public Standard Webhooks library and holds the sealed parts in the clear", async () => {
  const { secret } = await world.endpoint("https://example.com/hook");
  await world.event(3, { personal: { phone: "+919876543210", summary: "वादा किया" } });
  expect(await world.deliverDue()).toBe(1);
  const [post] = world.received;
  if (!post) throw new Error("expected a post");
  receiverReadsTheClock();
  expect(verified(post, secret)).toEqual({
    type: "call.ended",
    timestamp: "2026-11-24T11:00:00.000+05:30",
    sequence: 3,
    data: { sequence: 3, phone: "+919876543210", summary: "वादा किया" },
  });
  expect(() => verified({ ...post, body: post.body.replace("9876543210", "9876543211") }, secret)).toThrow();
  expect(await deliveries()).toMatchObject([{ state: "delivered", tries: 1, last_status: 204 }]);
});

test("in a trial with a clock of its own a post is signed for the real moment and tells the campaign's", async () => {
  const { secret } = await world.endpoint("https://example.com/hook");
  await world.event(1);
  world.wallClock = manualClock("2026-06-01T09:00");
  await world.deliverDue();
  const [post] = world.received;
  if (!post) throw new Error("expected a post");
  vi.useFakeTimers({ now: world.wallClock.nowMs(), toFake: ["Date"] });
  expect(verified(post, secret)).toMatchObject({ timestamp: "2026-11-24T11:00:00.000+05:30" });
});

test("an endpoint hears only the events it asked for, and an account never another account's", async () => {
  await world.endpoint("https://example.com/opted-out", ["contact.opted_out"]);
  const other = await webhookWorld(database);
  await other.endpoint("https://other.example/all");
  await world.event(1, { type: "call.ended" });
  await world.event(2, { type: "contact.opted_out" });
  await world.deliverDue();
  expect(world.received.map((post) => [post.url, (JSON.parse(post.body) as { type: string }).type])).toEqual([["https://example.com/opted-out", "contact.opted_out"]]);
  expect(other.received).toEqual([]);
});

test("a failing endpoint is tried again by the schedule with one id and a new timestamp, and given up after ten tries", async () => {
  await world.endpoint("https://example.com/hook");
  await world.event(1);
  world.answer = () => ({ kind: "answered", status: 500, retryAfterMs: null });
  await world.deliverDue();
  for (let look = 0; look < 120; look += 1) {
    world.clock.advance(3_600_000);
    await world.deliverDue();
  }
  expect(world.received).toHaveLength(10);
  expect(new Set(world.received.map((post) => post.id)).size).toBe(1);
  expect(new Set(world.received.map((post) => post.headers["webhook-timestamp"])).size).toBe(10);
  expect(await deliveries()).toMatchObject([{ state: "failed", tries: 10, last_status: 500, last_error: "answered 500", next_try_at: null }]);
});

test("Retry-After is honoured; a refused address and a timeout count as failures", async () => {
  await world.endpoint("https://example.com/hook");
  await world.event(1);
  world.answer = () => ({ kind: "answered", status: 503, retryAfterMs: 900_000 });
  await world.deliverDue();
  expect((await deliveries())[0]?.next_try_at?.getTime()).toBe(world.clock.nowMs() + 900_000);
  world.clock.advance(900_000);
  world.answer = () => ({ kind: "address_refused", detail: "the name leads to an address that is not public" });
  await world.deliverDue();
  expect(await deliveries()).toMatchObject([{ state: "waiting", tries: 2, last_error: "the name leads to an address that is not public" }]);
});

test("410 Gone switches the endpoint off at once, failing for five days does too; a replay switches it on again", async () => {
  const gone = await world.endpoint("https://gone.example/hook");
  world.clock.advance(1);
  const dead = await world.endpoint("https://dead.example/hook");
  await world.event(1);
  world.answer = (post) => ({ kind: "answered", status: post.url.includes("gone") ? 410 : 500, retryAfterMs: null });
  await world.deliverDue();
  for (let day = 0; day < 7; day += 1) {
    await world.event(10 + day);
    await world.deliverDue();
    world.clock.advance(86_400_000);
  }
  const shown = await listWebhookEndpoints(world, { accountId: world.accountId });
  expect(shown.map((endpoint) => [endpoint.id, endpoint.state, endpoint.disabled_because])).toEqual([
    [gone.id, "disabled", "answered 410 Gone"],
    [dead.id, "disabled", "failed for five days"],
  ]);
  expect(world.received.filter((post) => post.url.includes("gone"))).toHaveLength(1);
  world.answer = () => ok;
  world.received.length = 0;
  const { replayed } = await replayWebhooks(world, { accountId: world.accountId, endpointId: gone.id, from: new Date(0) });
  expect(replayed).toBe(8);
  await world.deliverDue();
  expect(world.received.filter((post) => post.url.includes("gone"))).toHaveLength(8);
  expect((await listWebhookEndpoints(world, { accountId: world.accountId }))[0]).toMatchObject({ state: "active", disabled_because: null });
});

test("one event can be replayed with the id it had; a strange one, or another account's endpoint, cannot", async () => {
  const endpoint = await world.endpoint("https://example.com/hook");
  await world.event(1);
  await world.deliverDue();
  const eventId = world.received[0]?.id ?? "";
  expect(await replayWebhooks(world, { accountId: world.accountId, endpointId: endpoint.id, eventId })).toEqual({ replayed: 1 });
  await world.deliverDue();
  expect(world.received.map((post) => post.id)).toEqual([eventId, eventId]);
  const other = await webhookWorld(database);
  await expect(replayWebhooks(other, { accountId: other.accountId, endpointId: endpoint.id, eventId })).rejects.toMatchObject({ status: 404, code: "webhook_endpoint_not_found" });
  await expect(replayWebhooks(world, { accountId: world.accountId, endpointId: endpoint.id })).rejects.toMatchObject({ code: "replay_what" });
  await expect(replayWebhooks(world, { accountId: world.accountId, endpointId: endpoint.id, eventId: "nothing" })).rejects.toMatchObject({ code: "event_not_found" });
});

test("a secret is shown once and never again; a deleted endpoint hears nothing more", async () => {
  const { id, secret } = await world.endpoint("https://example.com/hook");
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(JSON.stringify(await listWebhookEndpoints(world, { accountId: world.accountId }))).not.toContain(secret);
  const { rows } = await sql<{ text: string }>`select e::text as text from webhook_endpoints e`.execute(database.db);
  expect(rows[0]?.text).not.toContain(Buffer.from(secret).toString("hex"));
  await world.event(1);
  await deleteWebhookEndpoint(world, { accountId: world.accountId, endpointId: id });
  await world.deliverDue();
  expect(world.received).toEqual([]);
  await expect(deleteWebhookEndpoint(world, { accountId: world.accountId, endpointId: id })).rejects.toMatchObject({ status: 404 });
});

test("an endpoint with an address inside, or with an event that does not exist, is refused", async () => {
  const create = (url: string, events?: string[]) => createWebhookEndpoint({ ...world, allowLoopback: false }, { accountId: world.accountId, url, ...(events ? { events } : {}) });
  await expect(create("https://169.254.169.254/latest")).rejects.toMatchObject({ status: 422, code: "webhook_url_not_allowed" });
  await expect(create("https://example.com/", ["call.started"])).rejects.toMatchObject({ status: 422, code: "unknown_event" });
  for (let count = 0; count < 20; count += 1) await create(`https://example.com/${count}`);
  await expect(create("https://example.com/one-more")).rejects.toMatchObject({ status: 409, code: "too_many_endpoints" });
});

test("R2.4: with an endpoint dead for two days and senders dying at every step, nothing is lost and doubles carry the same id", async () => {
  const chance = seededRandom(20_261_124);
  await world.endpoint("https://example.com/hook");
  const aliveAgainMs = world.clock.nowMs() + 2 * 86_400_000;
  world.answer = () => (world.clock.nowMs() < aliveAgainMs ? { kind: "failed", detail: "ECONNREFUSED" } : ok);
  let written = 0;
  let crashes = 0;
  for (let hour = 0; hour < 130; hour += 1) {
    if (hour < 25) for (let count = 0; count < 5; count += 1) await world.event((written += 1));
    const now = new Date(world.clock.nowMs());
    await fanOutEvents(database.db, { limit: 50, now });
    for (let batch = 0; batch < 12; batch += 1) {
      const claimed = await claimDeliveries(database.db, { limit: 20, perEndpoint: 20, rooms: new Map(), now, leaseUntil: new Date(world.clock.nowMs() + 60_000) });
      if (claimed.length === 0) break;
      const diesAfter = wholeBelow(chance, 3) === 0 ? wholeBelow(chance, claimed.length) : claimed.length;
      if (diesAfter < claimed.length) crashes += 1;
      for (const [index, delivery] of claimed.entries()) {
        if (index < diesAfter) await deliverWebhook(world, delivery);
        else if (index === diesAfter) await world.post({ url: delivery.url, body: "", timeoutMs: 1, headers: { "webhook-id": delivery.event_id } });
      }
    }
    world.clock.advance(3_600_000);
  }
  expect(crashes).toBeGreaterThanOrEqual(20);
  expect(written).toBe(125);
  const states = new Set((await deliveries()).map((delivery) => delivery.state));
  expect(states).toEqual(new Set(["delivered"]));
  const arrived = new Set(world.received.filter((post) => post.atMs >= aliveAgainMs).map((post) => post.id));
  expect(arrived.size).toBe(125);
}, 60_000);

test("R2.5: however much waits for some endpoints, a free place goes to the one that has the fewest tries under way", async () => {
  const endpoints: WebhookEndpointId[] = [];
  for (const name of ["a", "b", "c"]) endpoints.push((await world.endpoint(`https://${name}.example/hook`)).id);
  for (let count = 1; count <= 10; count += 1) await world.event(count);
  const now = new Date(world.clock.nowMs());
  await fanOutEvents(database.db, { limit: 100, now });
  const claim = async (limit: number, rooms: [WebhookEndpointId, number][]) => {
    const claimed = await claimDeliveries(database.db, { limit, perEndpoint: 8, rooms: new Map(rooms), now, leaseUntil: new Date(world.clock.nowMs() + 60_000) });
    return endpoints.map((id) => claimed.filter((delivery) => delivery.endpoint_id === id).length);
  };
  const [a, b, c] = endpoints as [WebhookEndpointId, WebhookEndpointId, WebhookEndpointId];
  expect(await claim(3, [])).toEqual([1, 1, 1]);
  expect(await claim(1, [[a, 1], [b, 1]]), "a and b are nearly full").toEqual([0, 0, 1]);
  expect(await claim(4, [[a, 0], [b, 7], [c, 7]])).toEqual([0, 2, 2]);
  expect(await claim(100, [])).toEqual([8, 7, 6]);
});

test("two processes at once hand an event out once and make a try once", async () => {
  await world.endpoint("https://example.com/hook");
  for (let count = 1; count <= 60; count += 1) await world.event(count);
  const now = new Date(world.clock.nowMs());
  await Promise.all(Array.from({ length: 6 }, () => fanOutEvents(database.db, { limit: 15, now })));
  const claims = await Promise.all(
    Array.from({ length: 6 }, () => claimDeliveries(database.db, { limit: 20, perEndpoint: 20, rooms: new Map(), now, leaseUntil: new Date(now.getTime() + 60_000) })),
  );
  const ids = claims.flat().map((delivery) => delivery.event_id);
  expect(ids.length).toBe(60);
  expect(new Set(ids).size).toBe(60);
});

test("R2.5: an endpoint that hangs holds up nobody else, and stop waits for the tries under way", async () => {
  await world.endpoint("https://hangs.example/hook");
  await world.endpoint("https://well.example/hook");
  let release = (): void => undefined;
  const hanging = new Promise<void>((resolve) => (release = resolve));
  let arrived = 0;
  let allArrived = (): void => undefined;
  const done = new Promise<void>((resolve) => (allArrived = resolve));
  world.answer = async (post) => {
    if (post.url.includes("hangs")) {
      await hanging;
      return { kind: "failed", detail: "no answer in time" };
    }
    arrived += 1;
    if (arrived === 120) allArrived();
    return ok;
  };
  for (let count = 1; count <= 120; count += 1) await world.event(count);
  const sender = startWebhookSender({ ...world, clock: runningClock({ startMs: world.clock.nowMs() }) });
  await done;
  expect(world.received.filter((post) => post.url.includes("hangs")).length).toBeLessThanOrEqual(8);
  const stopped = sender.stop();
  release();
  await stopped;
  const hung = await database.db.selectFrom("webhook_deliveries").where("last_error", "is not", null).select("tries").execute();
  expect(hung.length).toBeGreaterThan(0);
});

test("an event whose sealed part is damaged is given up like any other, and stands before none", async () => {
  await world.endpoint("https://example.com/hook");
  await world.event(1, { personal: { phone: "+919876543210" } });
  await database.db.updateTable("webhook_events").set({ body_sealed: Buffer.alloc(40, 1) }).execute();
  await world.event(2);
  await world.deliverDue();
  expect(world.received.map((post) => (JSON.parse(post.body) as { sequence: number }).sequence)).toEqual([2]);
  const deliveries = await database.db.selectFrom("webhook_deliveries").select(["state", "last_error"]).orderBy("state").execute();
  expect(deliveries).toEqual([{ state: "delivered", last_error: null }, { state: "failed", last_error: "the message could not be made" }]);
  expect((await listWebhookEndpoints(world, { accountId: world.accountId }))[0]).toMatchObject({ state: "active", failing_since: null });
  expect(world.log.sentences("error")).toContain("a webhook message could not be made and is given up");
});

test("a try that hung while another one succeeded does not switch the endpoint off", async () => {
  const { id } = await world.endpoint("https://example.com/hook");
  await world.event(1);
  const failingSince = new Date(world.clock.nowMs() - 6 * 86_400_000);
  await database.db.updateTable("webhook_endpoints").set({ failing_since: failingSince }).where("id", "=", id).execute();
  world.answer = async () => {
    await database.db.updateTable("webhook_endpoints").set({ failing_since: null }).where("id", "=", id).execute();
    return { kind: "failed", detail: "no answer in time" };
  };
  await world.deliverDue();
  expect((await listWebhookEndpoints(world, { accountId: world.accountId }))[0]).toMatchObject({ state: "active" });
});

test("events are forgotten after their time, those still to be delivered are not", async () => {
  await world.endpoint("https://example.com/hook");
  await world.event(1);
  await world.deliverDue();
  world.answer = () => ({ kind: "failed", detail: "ECONNREFUSED" });
  await world.event(2);
  await world.deliverDue();
  world.clock.advance(86_400_000);
  expect(await forgetEvents(database.db, { before: new Date(world.clock.nowMs()), limit: 100 })).toBe(1);
  expect(await database.db.selectFrom("webhook_events").select("sequence").execute()).toEqual([{ sequence: 2 }]);
});
