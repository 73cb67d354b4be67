import { expect, test } from "vitest";
import { bullmqJobQueue } from "../../../src/adapters/bullmq/bullmq-job-queue.ts";
import type { QueueStore } from "../../../src/adapters/bullmq/queue-store.ts";
import { systemRandom } from "../../../src/adapters/system/random.ts";
import { manualClock } from "../../support/clock.ts";
import { recordingLog } from "../../support/log.ts";

test("a queue whose connections are dead keeps nobody from stopping, and the log says so", async () => {
  const never = () => new Promise<void>(() => undefined);
  const store: QueueStore = {
    name: "postgres",
    prepare: () => Promise.resolve(),
    openAdder: () => ({ add: () => Promise.resolve(), close: never }),
    openTaker: () => ({ close: never }),
  };
  const clock = manualClock("2026-12-01T11:00");
  const log = recordingLog();
  const queue = await bullmqJobQueue({ store, clock, random: systemRandom, log });
  await queue.start({ place_attempt: () => Promise.resolve(), probe: () => Promise.resolve() }, 1);
  let stopped = false;
  const stopping = queue.stop().then(() => {
    stopped = true;
  });
  await clock.advanceAsync(29_999);
  expect(stopped).toBe(false);
  await clock.advanceAsync(30_001);
  await stopping;
  expect(log.sentences("warn")).toEqual(Array.from({ length: 2 }, () => "an end of the queue did not close; it is left behind"));
});
