import { runningClock } from "../../src/adapters/system/clock.ts";
import type { Database } from "../../src/db/database.ts";
import type { AttemptId } from "../../src/domain/ids.ts";
import { fakeCarrier } from "../dial/fake-carrier.ts";
import { meanPerSecond } from "../dial/paced-dialer.ts";
import { placeAll } from "../dial/place-all.ts";
import { manualClock } from "../support/clock.ts";
import { rowWriter, testDefinition, testNumber } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";
import type { BenchResult } from "./bench-result.ts";
import { benchDialDeps } from "./dial-bench-world.ts";

/** Two campaigns on one carrier account, in calls per second. */
interface Mix {
  slow: number;
  quick: number;
  carrier: number;
}

const mixes: readonly Mix[] = [
  { slow: 2, quick: 10, carrier: 30 },
  { slow: 1, quick: 100, carrier: 30 },
];
/** As the planner has it: so many seconds of a campaign's work lie with the dialers. */
const horizonSeconds = 3;
const mostAtOnce = 60;

/** Whether a slow campaign holds up a quick one, or is overtaken by it for ever. Bar: each within 5 % of what it may have. */
export async function benchMixedPaces(open: (name: string) => Promise<Database>, seconds: number): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const mix of mixes) results.push(...(await mixed(await open(`bench_mix_${mix.slow}_${mix.quick}`), mix, seconds)));
  return results;
}

async function mixed({ db }: Database, { slow, quick, carrier }: Mix, seconds: number): Promise<BenchResult[]> {
  const morning = manualClock("2026-12-01T11:00");
  const vault = testVault(db);
  const rows = rowWriter(db, morning, vault);
  const accountId = await rows.account();
  let tail = 0;
  const campaign = async (cps: number, share: number) => {
    const id = await rows.campaign(accountId, { definitionSource: testDefinition({ limits: { cps, concurrency: 5_000 } }) });
    const attempts = new Map<string, AttemptId>();
    for (let n = 0; n < share * seconds; n += 1) {
      const number = testNumber(tail++);
      attempts.set(number, await rows.attempt(await rows.contact(accountId, id, number, { state: "planned" })));
    }
    return { cps, share, attempts, leftAtMs: new Array<number>() };
  };
  const both = [await campaign(slow, slow), await campaign(quick, Math.min(quick, carrier - slow))];
  const clock = runningClock({ startMs: morning.nowMs() + 1_000 });
  const calls = fakeCarrier(clock);
  const deps = benchDialDeps({
    ...{ db, clock, vault, callsPerSecond: carrier },
    carrier: {
      ...calls,
      place(order) {
        both.find(({ attempts }) => attempts.has(order.to))?.leftAtMs.push(clock.nowMs());
        return calls.place(order);
      },
    },
  });
  await Promise.all(both.map(({ cps, attempts }) => placeAll(deps, { attemptIds: [...attempts.values()], width: Math.min(mostAtOnce, horizonSeconds * cps) })));
  return both.map(({ cps, share, leftAtMs }) => {
    const mean = meanPerSecond(leftAtMs.toSorted((one, other) => one - other));
    const measure = `a campaign at ${cps} a second beside one at ${cps === slow ? quick : slow}, carrier at ${carrier}: mean`;
    return { bench: "pace", measure, value: Math.round(mean * 100) / 100, unit: "per second", reference: share, bar: "within 5 %", met: Math.abs(mean / share - 1) <= 0.05 };
  });
}
