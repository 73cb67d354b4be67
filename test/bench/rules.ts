import { performance } from "node:perf_hooks";
import { istFromMs } from "../../src/domain/clock.ts";
import { judge } from "../../src/rules/judge.ts";
import { at, consent, facts, hold, preference, promotion } from "../rules/facts-fixture.ts";
import type { BenchResult } from "./bench-result.ts";

/** Verdicts per second of pure rule code on one core, facts loaded; bar: 5,000, and 500 where the whole horizon is searched in vain. */
export function benchRules(options: { seconds?: number } = {}): BenchResult[] {
  const ms = ((options.seconds ?? 3) * 1_000) / situations.length;
  return situations.map(({ measure, of, time, least }) => {
    const now = istFromMs(at(time));
    const until = performance.now() + ms;
    let verdicts = 0;
    const startMs = performance.now();
    while (performance.now() < until) {
      for (let turn = 0; turn < 100; turn += 1) judge(of, now);
      verdicts += 100;
    }
    const value = Math.round((verdicts / (performance.now() - startMs)) * 1_000);
    return { bench: "rules", measure, value, unit: "verdicts/s", bar: `≥ ${least.toLocaleString("en")}`, met: value >= least };
  });
}

const busy = {
  preference: preference({ categories: [2, 5], modes: [12], bands: [24, 25], days: [31, 37, 38] }),
  consents: [consent({ basis: "dca", reference: "C", registeredOnDlt: true })],
  holds: [hold("hours", { hours: { mode: "only", from: "17:00", to: "18:00", days: [2, 4] } }), hold("dispute", { endsAtMs: at("2026-11-20 12:00") })],
  sentAtMs: [at("2026-11-22 12:00"), at("2026-11-21 12:00"), at("2026-11-20 12:00"), at("2026-11-19 12:00")],
};

const situations = [
  { measure: "collection, allowed", of: facts(), time: "2026-11-23 12:00", least: 5_000 },
  { measure: "promotional with everything on file, waits over several rules", of: promotion("2026-11-23", busy), time: "2026-11-23 12:00", least: 5_000 },
  { measure: "suppressed", of: facts({ suppression: { scope: "account", reason: "asked", sinceMs: 0 } }), time: "2026-11-23 12:00", least: 5_000 },
  { measure: "wishes that never meet (searches the whole horizon)", of: facts({ holds: busy.holds, window: { from: "09:00", to: "12:00" } }), time: "2026-11-23 12:00", least: 500 },
];
