import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { bullmqJobQueue } from "../../src/adapters/bullmq/bullmq-job-queue.ts";
import { postgresStore } from "../../src/adapters/bullmq/postgres-store.ts";
import type { LockTiming, QueueStore } from "../../src/adapters/bullmq/queue-store.ts";
import { redisStore } from "../../src/adapters/bullmq/redis-store.ts";
import { runningClock } from "../../src/adapters/system/clock.ts";
import { systemRandom } from "../../src/adapters/system/random.ts";
import type { AttemptId } from "../../src/domain/ids.ts";
import type { JobQueue } from "../../src/domain/jobs.ts";
import { listener } from "../adapters/bullmq/listener.ts";
import { testDatabase } from "../support/database.ts";
import { recordingLog } from "../support/log.ts";
import { redisInstalled, testRedis } from "../support/redis.ts";

interface Kind {
  name: string;
  open(): Promise<{ store(lock?: LockTiming): QueueStore; close(): Promise<void> }>;
}

const kinds: Kind[] = [
  {
    name: "BullMQ on Postgres",
    async open() {
      const database = await testDatabase();
      return { store: (lock) => postgresStore({ connectionString: database.url, ...(lock ? { lock } : {}) }), close: () => database.close() };
    },
  },
  {
    name: "BullMQ on Redis",
    async open() {
      const redis = await testRedis();
      return { store: (lock) => redisStore({ url: redis.url, ...(lock ? { lock } : {}) }), close: () => redis.close() };
    },
  },
];

function attempts(count: number): { attemptId: AttemptId }[] {
  return Array.from({ length: count }, () => ({ attemptId: randomUUID() as string as AttemptId }));
}

const runnable = kinds.filter((kind) => redisInstalled || !kind.name.includes("Redis"));

describe.each(runnable)("a job queue: $name", ({ open }) => {
  let place: Awaited<ReturnType<Kind["open"]>>;
  let queues: JobQueue[] = [];
  let names = 0;
  const log = recordingLog();
  beforeAll(async () => {
    place = await open();
  });
  afterEach(async () => {
    await Promise.all(queues.map((queue) => queue.stop()));
    queues = [];
  });
  afterAll(() => place.close());

  async function join(queueName: string, lock?: LockTiming): Promise<JobQueue> {
    const queue = await bullmqJobQueue({ store: place.store(lock), clock: runningClock(), random: systemRandom, log, queueName });
    queues.push(queue);
    return queue;
  }
  const freshName = (): string => `calls-${(names += 1)}`;

  test("delivers every announced attempt once, with its id", async () => {
    const queue = await join(freshName());
    const heard = listener();
    await queue.start(heard.handlers, 8);
    const batch = attempts(50);
    await queue.announce("place_attempt", batch);
    await heard.whenPlaced(50);
    expect([...heard.placed].sort()).toEqual(batch.map((each) => each.attemptId).sort());
    await queue.announce("place_attempt", []);
  });

  test("announcing an attempt again while it waits changes nothing; once it ran, it is delivered again", async () => {
    const name = freshName();
    const queue = await join(name);
    const [one] = attempts(1);
    if (!one) return;
    await queue.announce("place_attempt", [one]);
    await queue.announce("place_attempt", [one]);
    const heard = listener();
    await queue.start(heard.handlers, 4);
    await heard.whenPlaced(1);
    const other = attempts(1);
    await queue.announce("place_attempt", other);
    await heard.whenPlaced(2);
    expect(heard.placed).toEqual([one.attemptId, other[0]?.attemptId]);
    await queue.announce("place_attempt", [one]);
    await heard.whenPlaced(3);
    expect(heard.placed[2]).toBe(one.attemptId);
  });

  test("several processes share the work: nothing is delivered twice", async () => {
    const name = freshName();
    const [first, second] = [await join(name), await join(name)];
    const heard = listener();
    await Promise.all([first.start(heard.handlers, 5), second.start(heard.handlers, 5)]);
    const batch = attempts(100);
    await first.announce("place_attempt", batch.slice(0, 50));
    await second.announce("place_attempt", batch.slice(50));
    await heard.whenPlaced(100);
    expect(new Set(heard.placed).size).toBe(100);
  });

  test("runs no more jobs at once than asked for", async () => {
    const queue = await join(freshName());
    let running = 0;
    let most = 0;
    const heard = listener(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    });
    await queue.start(heard.handlers, 3);
    await queue.announce("place_attempt", attempts(30));
    await heard.whenPlaced(30);
    expect(most).toBeLessThanOrEqual(3);
  });

  test("a job whose handler fails is logged and not tried again; announced anew, it is delivered anew", async () => {
    const queue = await join(freshName());
    const [failing, sentinel] = attempts(2);
    if (!failing || !sentinel) return;
    let tries = 0;
    const heard = listener((attemptId) => {
      if (attemptId !== failing.attemptId) return Promise.resolve();
      tries += 1;
      return tries === 1 ? Promise.reject(new Error("the gate is broken")) : Promise.resolve();
    });
    await queue.start(heard.handlers, 1);
    await queue.announce("place_attempt", [failing, sentinel]);
    await heard.whenPlaced(1);
    expect(tries).toBe(1);
    expect(log.lines.filter((line) => line.sentence === "a job failed").at(-1)?.fields).toMatchObject({ job: "place_attempt" });
    await queue.announce("place_attempt", [failing]);
    await heard.whenPlaced(2);
    expect(tries).toBe(2);
  });

  test("what is not in the catalogue, or not as the catalogue says, never reaches a handler", async () => {
    const name = freshName();
    const queue = await join(name);
    const adder = place.store().openAdder(name, () => undefined);
    await adder.add([
      { id: "strange-1", name: "drop_table", data: {} },
      { id: "strange-2", name: "place_attempt", data: { attemptId: "'; drop" } },
      { id: "strange-3", name: "place_attempt", data: { attemptId: randomUUID(), phone: "+919876543210" } },
    ]);
    const good = attempts(1);
    await queue.announce("place_attempt", good);
    const heard = listener();
    await queue.start(heard.handlers, 1);
    await heard.whenPlaced(1);
    expect(heard.placed).toEqual([good[0]?.attemptId]);
    await adder.close();
  });

  test("stop waits for the jobs that are running and takes no further one", async () => {
    const name = freshName();
    const queue = await join(name);
    let release = (): void => undefined;
    let begun = (): void => undefined;
    const first = new Promise<void>((resolve) => (begun = resolve));
    const heard = listener(() => new Promise((resolve) => {
      begun();
      release = resolve;
    }));
    await queue.start(heard.handlers, 1);
    await queue.announce("place_attempt", attempts(2));
    await first;
    const stopped = queue.stop();
    queues = [];
    release();
    await stopped;
    expect(heard.placed).toHaveLength(1);
    const next = await join(name);
    const later = listener();
    await next.start(later.handlers, 1);
    await later.whenPlaced(1);
  });

  test("without any work a probe comes through by itself and shows that the queue is alive", async () => {
    const queue = await join(freshName());
    expect(queue.msSinceProgress()).toBeNull();
    const heard = listener();
    await queue.start(heard.handlers, 2);
    expect(queue.msSinceProgress()).toBeLessThan(5_000);
    await heard.whenProbed(1);
    await queue.announce("place_attempt", attempts(1));
    await heard.whenPlaced(1);
    expect(queue.msSinceProgress()).toBeLessThan(5_000);
  });

  test("the job of a worker that died is not run again by the queue, and may soon be announced again", async () => {
    const name = freshName();
    const lock = { lockMs: 400, checkEveryMs: 200 };
    const store = place.store(lock);
    await store.prepare();
    const [one] = attempts(1);
    if (!one) return;
    let taken = (): void => undefined;
    const held = new Promise<void>((resolve) => (taken = resolve));
    const dying = store.openTaker(name, { concurrency: 1, onError: () => undefined, run: () => new Promise(() => taken()) });
    const survivor = await join(name, lock);
    await survivor.announce("place_attempt", [one]);
    await held;
    await dying.close({ force: true });
    const heard = listener();
    await survivor.start(heard.handlers, 2);
    const again = setInterval(() => void survivor.announce("place_attempt", [one]), 100);
    await heard.whenPlaced(1);
    clearInterval(again);
    expect(heard.placed[0]).toBe(one.attemptId);
  });
});

test.runIf(redisInstalled)("a Redis that may evict keys is refused by name, with what to do", async () => {
  const redis = await testRedis({ maxmemoryPolicy: "allkeys-lru" });
  const opening = bullmqJobQueue({ store: redisStore({ url: redis.url }), clock: runningClock(), random: systemRandom, log: recordingLog() });
  await expect(opening).rejects.toMatchObject({ name: "VendorError", kind: "queue", code: "redis_evicts", retryable: false });
  await redis.close();
});

test("a store that cannot be reached is refused at the start", async () => {
  for (const store of [redisStore({ url: "redis://127.0.0.1:1" }), postgresStore({ connectionString: "postgres://nobody@127.0.0.1:1/none" })]) {
    await expect(bullmqJobQueue({ store, clock: runningClock(), random: systemRandom, log: recordingLog() })).rejects.toMatchObject({ code: "store_unusable" });
  }
});
