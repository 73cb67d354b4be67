import { expect, test } from "vitest";
import { databaseClock } from "../../src/adapters/system/database-clock.ts";
import { placeAttempt } from "../../src/dial/place-attempt.ts";
import { rescueLeases } from "../../src/dial/rescue-leases.ts";
import { silentLog } from "../support/log.ts";
import { dialWorld } from "./dial-world.ts";

const startAtMs = Date.parse("2026-12-01T11:00:00+05:30");
/** The machine's wall clock, wrong by so much. */
const wrongBy = (ms: number) => () => performance.timeOrigin + performance.now() + ms;

test("R3.6 a machine whose clock is five minutes off dials nobody: it refuses to start", async () => {
  const world = await dialWorld();
  for (const ms of [300_000, -300_000]) {
    await expect(databaseClock({ pool: world.database.pool, log: silentLog, startAtMs, machineNowMs: wrongBy(ms) })).rejects.toThrow("30 s");
  }
});

test("R3.6 machines that disagree by less judge, lease and pace by the database's clock: no early steal, no double", async () => {
  const world = await dialWorld({ settings: { callsPerSecond: 200 } });
  const clocks = await Promise.all([25_000, -25_000].map((ms) => databaseClock({ pool: world.database.pool, log: silentLog, startAtMs, machineNowMs: wrongBy(ms) })));
  const dialers = clocks.map((clock, node) => world.otherProcess(`node-${node}`, { clock }));
  const planned = [];
  for (let n = 0; n < 10; n += 1) planned.push((await world.planned(n)).attemptId);
  try {
    const [first, second] = clocks;
    expect(Math.abs((first?.nowMs() ?? 0) - (second?.nowMs() ?? 0))).toBeLessThan(5_000);
    const stolen: number[] = [];
    const watching = dialers.map((deps) => ({ ...deps, crashPoint: async () => void stolen.push(await rescueLeases(deps)) }));
    await Promise.all(planned.flatMap((attemptId) => watching.map((deps) => placeAttempt(deps, { attemptId }))));
    expect(stolen.reduce((sum, count) => sum + count, 0)).toBe(0);
    expect(world.carrier.calls).toHaveLength(10);
    expect(new Set(world.carrier.calls.map((call) => call.order.token)).size).toBe(10);
  } finally {
    for (const clock of clocks) clock.close();
  }
});
