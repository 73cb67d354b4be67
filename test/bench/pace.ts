import { pause } from "../../src/domain/clock.ts";
import { placeAttempt } from "../../src/dial/place-attempt.ts";
import type { AttemptId } from "../../src/domain/ids.ts";
import { benchServer } from "./bench-database.ts";
import type { BenchResult } from "./bench-result.ts";
import { type DialBenchWorld, dialBenchWorld } from "./dial-bench-world.ts";

const callsPerSecond = 30;
/** As many placings at once as the service itself runs. */
const width = 32;

/**
 * Calls leaving at 30 a second while there are always more to place. Bars: never more than 31 in any sliding second, mean
 * within 1 %, both over the instants at which the requests reach the carrier.
 */
export async function benchPace(options: { seconds?: number } = {}): Promise<BenchResult[]> {
  const seconds = options.seconds ?? 60;
  const server = await benchServer();
  try {
    const database = await server.open("bench_pace");
    const world = await dialBenchWorld(database, { calls: seconds * callsPerSecond + 1, campaigns: 1, callsPerSecond });
    await placeAll(world);
    const atMs = [...world.placedAtMs].sort((one, other) => one - other);
    const mean = (atMs.length - 1) / (((atMs.at(-1) ?? 0) - (atMs[0] ?? 0)) / 1_000);
    const most = mostInOneSecond(atMs);
    const what = `${atMs.length.toLocaleString("en")} calls at ${callsPerSecond} a second`;
    return [
      { bench: "pace", measure: `${what}: most in any sliding second`, value: most, unit: "calls", reference: callsPerSecond, bar: "≤ 31", met: most <= 31 },
      { bench: "pace", measure: `${what}: mean`, value: Math.round(mean * 1_000) / 1_000, unit: "per second", reference: callsPerSecond, bar: "within 1 %", met: Math.abs(mean / callsPerSecond - 1) <= 0.01 },
    ];
  } finally {
    await server.close();
  }
}

async function placeAll({ deps, clock, attempts }: DialBenchWorld): Promise<void> {
  const queue = [...attempts];
  const worker = async (): Promise<void> => {
    for (let attemptId = queue.shift(); attemptId !== undefined; attemptId = queue.shift()) await untilPlaced(attemptId);
  };
  const untilPlaced = async (attemptId: AttemptId): Promise<void> => {
    for (;;) {
      const placing = await placeAttempt(deps, { attemptId });
      if (placing.kind === "placed") return;
      if (placing.kind !== "postponed") throw new Error(`expected a call placed or postponed, got ${placing.kind}`);
      await pause(clock, placing.untilMs - clock.nowMs());
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** The most instants in any window of one second, its end excluded; `atMs` ascending. */
function mostInOneSecond(atMs: readonly number[]): number {
  let first = 0;
  let most = 0;
  for (const [index, ms] of atMs.entries()) {
    while ((atMs[first] ?? ms) <= ms - 1_000) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
