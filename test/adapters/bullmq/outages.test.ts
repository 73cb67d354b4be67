import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bullmqJobQueue } from "../../../src/adapters/bullmq/bullmq-job-queue.ts";
import { postgresStore } from "../../../src/adapters/bullmq/postgres-store.ts";
import type { QueueStore } from "../../../src/adapters/bullmq/queue-store.ts";
import { redisStore } from "../../../src/adapters/bullmq/redis-store.ts";
import { runningClock } from "../../../src/adapters/system/clock.ts";
import { systemRandom } from "../../../src/adapters/system/random.ts";
import type { AttemptId } from "../../../src/domain/ids.ts";
import type { JobQueue } from "../../../src/domain/jobs.ts";
import { planTick } from "../../../src/schedule/plan-tick.ts";
import { addAccount, addCampaign, addContacts, reminder } from "../../schedule/list-fixture.ts";
import { plannerWorld } from "../../schedule/planner-fixture.ts";
import { testDatabase, type TestDatabase } from "../../support/database.ts";
import { type FaultProxy, faultProxy } from "../../support/fault-proxy.ts";
import { recordingLog } from "../../support/log.ts";
import { redisInstalled, testRedis, type TestRedis } from "../../support/redis.ts";
import { type Listener, listener } from "./listener.ts";

const attempt = (): { attemptId: AttemptId } => ({ attemptId: randomUUID() as string as AttemptId });

async function opened(store: QueueStore): Promise<{ queue: JobQueue; heard: Listener }> {
  const queue = await bullmqJobQueue({ store, clock: runningClock(), random: systemRandom, log: recordingLog() });
  const heard = listener();
  await queue.start(heard.handlers, 4);
  await queue.announce("place_attempt", [attempt()]);
  await heard.whenPlaced(1);
  return { queue, heard };
}

/** Announces an attempt until it is taken, as the planner does, only faster; resolves when one more was delivered. */
async function announcedUntilDelivered(queue: JobQueue, heard: Listener): Promise<void> {
  const one = attempt();
  const before = heard.placed.length;
  const again = setInterval(() => void queue.announce("place_attempt", [one]).catch(() => undefined), 100);
  await heard.whenPlaced(before + 1);
  clearInterval(again);
}

describe.runIf(redisInstalled)("R3.3 Redis goes away and comes back", () => {
  let redis: TestRedis;
  let proxy: FaultProxy;
  let queue: JobQueue;
  let heard: Listener;
  beforeEach(async () => {
    redis = await testRedis();
    proxy = await faultProxy({ port: redis.port });
    ({ queue, heard } = await opened(redisStore({ url: `redis://127.0.0.1:${proxy.port}`, silentSocketMs: 1_500, idleWaitSeconds: 1, lock: { lockMs: 1_000, checkEveryMs: 500 } })));
  });
  afterEach(async () => {
    await queue.stop();
    await proxy.close();
    await redis.close();
  });

  test("after a crash and an empty restart: announcing fails meanwhile, and goes on by itself after", async () => {
    await redis.crash();
    await expect(queue.announce("place_attempt", [attempt()])).rejects.toThrow();
    await redis.restart();
    await announcedUntilDelivered(queue, heard);
  });

  test("half-open: connections stay up and nothing comes through; dead sockets are found and replaced", async () => {
    proxy.halfOpen();
    proxy.set({ blackhole: true });
    await expect(queue.announce("place_attempt", [attempt()])).rejects.toThrow();
    proxy.heal();
    await announcedUntilDelivered(queue, heard);
  });

  test("all connections are reset", async () => {
    proxy.reset();
    await announcedUntilDelivered(queue, heard);
  });

  test("the server pauses all clients", async () => {
    const admin = new Redis(redis.url);
    await admin.call("CLIENT", "PAUSE", "2000", "ALL");
    await announcedUntilDelivered(queue, heard);
    admin.disconnect();
  });

  test("the server becomes a read-only replica and a primary again", async () => {
    const admin = new Redis(redis.url);
    await admin.replicaof("127.0.0.1", "1");
    await expect(queue.announce("place_attempt", [attempt()])).rejects.toThrow();
    await admin.replicaof("NO", "ONE");
    await announcedUntilDelivered(queue, heard);
    admin.disconnect();
  });
});

describe("R3.3 Postgres goes away under the queue and comes back", () => {
  let database: TestDatabase;
  let proxy: FaultProxy;
  let queue: JobQueue;
  let heard: Listener;
  beforeEach(async () => {
    database = await testDatabase();
    const url = new URL(database.url);
    proxy = await faultProxy({ port: Number(url.port) });
    url.port = String(proxy.port);
    ({ queue, heard } = await opened(postgresStore({ connectionString: url.href, lock: { lockMs: 1_000, checkEveryMs: 500 } })));
  });
  afterEach(async () => {
    await queue.stop();
    await proxy.close();
    await database.close();
  });

  test("while it refuses connections announcing fails; after, both ends go on", async () => {
    proxy.refuse();
    proxy.reset();
    await expect(queue.announce("place_attempt", [attempt()])).rejects.toThrow();
    proxy.heal();
    await announcedUntilDelivered(queue, heard);
  });

  test("every session is terminated by the server", async () => {
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
    await admin.end();
    await announcedUntilDelivered(queue, heard);
  });
});

test.runIf(redisInstalled)("R3.2: after FLUSHALL with 10,000 announced the planner announces all of them again within thirty seconds, and each is delivered once", async () => {
  const [database, redis] = [await testDatabase(), await testRedis()];
  const account = await addAccount(database.db);
  const campaign = await addCampaign(database.db, account, { definition: { ...reminder, limits: { cps: 100, concurrency: 5_000 } } });
  const other = await addCampaign(database.db, account, { definition: { ...reminder, limits: { cps: 100, concurrency: 5_000 } } });
  const campaigns = [campaign, other, ...(await Promise.all(Array.from({ length: 32 }, () => addCampaign(database.db, account, { definition: { ...reminder, limits: { cps: 100, concurrency: 5_000 } } }))))];
  for (const each of campaigns) await addContacts(database.db, account, each, 300);
  const queue = await bullmqJobQueue({ store: redisStore({ url: redis.url }), clock: runningClock(), random: systemRandom, log: recordingLog() });
  const world = { ...plannerWorld(database, { capacity: { callsPerSecond: 4_000, concurrentCalls: 20_000 } }), queue };
  const { planned } = await planTick(world);
  expect(planned).toBe(10_200);

  const admin = new Redis(redis.url);
  await admin.flushall();
  admin.disconnect();
  world.clock.advance(10_500);
  expect(await planTick(world)).toMatchObject({ planned: 0, reannounced: 10_200 });
  const heard = listener();
  await queue.start(heard.handlers, 64);
  await heard.whenPlaced(10_200);
  expect(new Set(heard.placed).size).toBe(10_200);
  expect(heard.placed).toHaveLength(10_200);
  await queue.stop();
  await redis.close();
  await database.close();
}, 60_000);
