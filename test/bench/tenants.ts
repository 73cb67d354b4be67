import { performance } from "node:perf_hooks";
import fc from "fast-check";
import { apiFixture } from "../http/api-fixture.ts";
import { leakOf, stepsOfTwoAccounts, twoAccounts } from "../http/two-accounts.ts";
import { benchServer } from "./bench-database.ts";
import type { BenchResult } from "./bench-result.ts";

/**
 * Random sequences of requests by two accounts of one deployment, over every route, about their own things and each other's. Bar
 * (docs/reliability.md R5.4): in 10,000 of them no answer ever holds a word or a number of the other account, and none is a failure.
 */
export async function benchTenants(options: { sequences: number }): Promise<BenchResult[]> {
  const server = await benchServer();
  const api = await apiFixture({ database: await server.open("tenants") });
  try {
    const world = await twoAccounts(api);
    const sequences = fc.sample(stepsOfTwoAccounts, { numRuns: options.sequences, seed: 54 });
    const leaks: string[] = [];
    const startMs = performance.now();
    for (const steps of sequences) {
      const leak = await leakOf(world, steps);
      if (leak !== undefined) leaks.push(leak);
    }
    const requests = sequences.flat().length;
    const perSecond = Math.round((requests / (performance.now() - startMs)) * 1_000);
    for (const leak of leaks.slice(0, 5)) console.error(leak);
    const what = `${sequences.length.toLocaleString("en")} random sequences of two accounts`;
    return [
      { bench: "tenants", measure: `${what}: answers that show the other`, value: leaks.length, unit: `of ${requests.toLocaleString("en")}`, bar: "0", met: leaks.length === 0 },
      { bench: "tenants", measure: `${what}: one after the other`, value: perSecond, unit: "requests/s", bar: "for comparison", met: true },
    ];
  } finally {
    await api.close();
    await server.close();
  }
}
