import { expect, test } from "vitest";
import { dialWorld } from "./dial-world.ts";
import { mostInOneSecond, runPacedDialer } from "./paced-dialer.ts";

const callsPerSecond = 30;

test("R1.6 two processes on one database, each held up now and then: together never more than 31 calls in any sliding second", async () => {
  const world = await dialWorld({ definition: { limits: { cps: 100, concurrency: 5_000 } } });
  const attemptIds: string[] = [];
  for (let n = 0; n < 100; n += 1) attemptIds.push((await world.planned(n)).attemptId);
  const shared = { databaseUrl: world.database.url, callsPerSecond, width: 16, startMs: world.clock.nowMs(), realStartMs: performance.timeOrigin + performance.now() };
  const left = await Promise.all([
    runPacedDialer({ ...shared, name: "steady", attemptIds: attemptIds.slice(0, 50), stallEveryMs: 0, stallMs: 0 }),
    runPacedDialer({ ...shared, name: "held-up", attemptIds: attemptIds.slice(50), stallEveryMs: 300, stallMs: 70 }),
  ]);
  const atMs = left.flat().sort((one, other) => one - other);
  expect(atMs).toHaveLength(100);
  expect(mostInOneSecond(atMs)).toBeLessThanOrEqual(callsPerSecond + 1);
});
