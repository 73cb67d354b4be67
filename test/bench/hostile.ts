import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { systemRandom } from "../../src/adapters/system/random.ts";
import type { Database } from "../../src/db/database.ts";
import { Refusal } from "../../src/domain/errors.ts";
import { importContacts } from "../../src/intake/import-contacts.ts";
import { manualClock } from "../support/clock.ts";
import { type HostileFile, hostileFiles } from "../support/hostile-files.ts";
import { silentLog } from "../support/log.ts";
import { rowWriter, testDefinition } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";
import { benchServer } from "./bench-database.ts";
import type { BenchResult } from "./bench-result.ts";

/**
 * Hostile files, one after the other. Bars (docs/reliability.md R5.6): each refused or reported within five seconds, at most 150 MB
 * more memory, and an event loop that others still get their turn on.
 */
export async function benchHostile(options: { long: boolean }): Promise<BenchResult[]> {
  const server = await benchServer();
  try {
    const files = hostileFiles.filter((file) => options.long || !file.long);
    return await measure(await server.open("bench_hostile"), files);
  } finally {
    await server.close();
  }
}

async function measure({ db, pool }: Database, files: readonly HostileFile[]): Promise<BenchResult[]> {
  const clock = manualClock("2026-12-01T10:00");
  const vault = testVault(db);
  const write = rowWriter(db, clock, vault);
  const accountId = await write.account();
  const definitionSource = testDefinition({ variables: { amount_due: { type: "money", required: true }, note: { type: "text" } } });
  const deps = { db, pool, vault, clock, random: systemRandom, log: silentLog };
  const loop = monitorEventLoopDelay({ resolution: 5 });
  const rssBefore = process.memoryUsage.rss();
  let rssPeak = rssBefore;
  const sampling = setInterval(() => (rssPeak = Math.max(rssPeak, process.memoryUsage.rss())), 50);
  loop.enable();
  const took: { name: string; seconds: number }[] = [];
  for (const { name, bytes } of files) {
    const campaignId = await write.campaign(accountId, { state: "draft", definitionSource });
    const startMs = performance.now();
    await importContacts(deps, { accountId, campaignId, source: bytes(), mapping: {}, onDuplicate: "keep_first" }).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
    });
    took.push({ name, seconds: (performance.now() - startMs) / 1_000 });
  }
  loop.disable();
  clearInterval(sampling);
  const slowest = took.reduce((most, each) => (each.seconds > most.seconds ? each : most), { name: "none", seconds: 0 });
  const grownMb = Math.round((rssPeak - rssBefore) / 1e6);
  const p99Ms = Math.round(loop.percentile(99) / 1e6);
  const result = (measureName: string, value: number, unit: string, bar: string, met: boolean): BenchResult => ({ bench: "hostile", measure: measureName, value, unit, bar, met });
  return [
    result(`slowest of ${files.length} files: ${slowest.name}`, Math.round(slowest.seconds * 100) / 100, "s", "≤ 5", slowest.seconds <= 5),
    result("memory grown meanwhile", grownMb, "MB", "≤ 150", grownMb <= 150),
    result("event loop delay p99", p99Ms, "ms", "≤ 50", p99Ms <= 50),
  ];
}
