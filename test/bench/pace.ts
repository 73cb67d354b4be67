import { meanPerSecond, mostInOneSecond, runPacedDialer } from "../dial/paced-dialer.ts";
import { placeAll } from "../dial/place-all.ts";
import { benchServer } from "./bench-database.ts";
import type { BenchResult } from "./bench-result.ts";
import { type DialBenchWorld, dialBenchWorld } from "./dial-bench-world.ts";
import { benchMixedPaces } from "./pace-mixed.ts";

const callsPerSecond = 30;
/** As many placings at once as the service itself runs. */
const width = 64;

/**
 * Calls leaving at 30 a second while there are always more to place: from one process, then from two that share the
 * database. Bars: never more than 31 in any sliding second, mean within 1 %, both over the instants at which the requests
 * reach the carrier. Last, two campaigns of different paces beside each other.
 */
export async function benchPace(options: { seconds?: number } = {}): Promise<BenchResult[]> {
  const seconds = options.seconds ?? 60;
  const server = await benchServer();
  try {
    const results: BenchResult[] = [];
    for (const processes of [1, 2]) {
      const database = await server.open(`bench_pace_${processes}`);
      const world = await dialBenchWorld(database, { calls: seconds * callsPerSecond + 1, campaigns: 1, callsPerSecond });
      const leftAtMs = processes === 1 ? await fromHere(world) : await fromProcesses(world, database.url, processes);
      results.push(...judged(`${leftAtMs.length.toLocaleString("en")} calls at ${callsPerSecond} a second from ${processes === 1 ? "one process" : "two processes"}`, leftAtMs));
    }
    results.push(...(await benchMixedPaces((name) => server.open(name), Math.max(10, seconds / 2))));
    return results;
  } finally {
    await server.close();
  }
}

function judged(what: string, leftAtMs: readonly number[]): BenchResult[] {
  const most = mostInOneSecond(leftAtMs);
  const mean = meanPerSecond(leftAtMs);
  return [
    { bench: "pace", measure: `${what}: most in any sliding second`, value: most, unit: "calls", reference: callsPerSecond, bar: "≤ 31", met: most <= 31 },
    { bench: "pace", measure: `${what}: mean`, value: Math.round(mean * 1_000) / 1_000, unit: "per second", reference: callsPerSecond, bar: "within 1 %", met: Math.abs(mean / callsPerSecond - 1) <= 0.01 },
  ];
}

async function fromHere({ deps, attempts, placedAtMs }: DialBenchWorld): Promise<number[]> {
  await placeAll(deps, { attemptIds: attempts, width });
  return placedAtMs.toSorted((one, other) => one - other);
}

/** Each process starts by itself, so one is ready before the other: only the time in which all were at work is judged. */
async function fromProcesses({ clock, attempts }: DialBenchWorld, databaseUrl: string, processes: number): Promise<number[]> {
  const shared = { databaseUrl, callsPerSecond, width: width / 2, startMs: clock.nowMs(), realStartMs: performance.timeOrigin + performance.now(), stallEveryMs: 0, stallMs: 0 };
  const left = await Promise.all(
    Array.from({ length: processes }, (_, part) => runPacedDialer({ ...shared, name: `bench-${part}`, attemptIds: attempts.filter((_attempt, index) => index % processes === part) })),
  );
  const fromMs = Math.max(...left.map((atMs) => atMs[0] ?? 0));
  const untilMs = Math.min(...left.map((atMs) => atMs.at(-1) ?? 0));
  return left.flat().filter((atMs) => atMs >= fromMs && atMs <= untilMs).sort((one, other) => one - other);
}
