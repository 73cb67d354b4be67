import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse";
import { from as copyFrom } from "pg-copy-streams";
import { systemRandom } from "../../src/adapters/system/random.ts";
import type { Database } from "../../src/db/database.ts";
import { importContacts } from "../../src/intake/import-contacts.ts";
import { importLimits } from "../../src/intake/import-limits.ts";
import { manualClock } from "../support/clock.ts";
import { silentLog } from "../support/log.ts";
import { rowWriter, testDefinition } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";
import { benchServer } from "./bench-database.ts";
import type { BenchResult } from "./bench-result.ts";

/**
 * A contact list imported whole (decoded, checked, sealed three times a row, merged), held against bare csv-parse and COPY
 * of the same file. Bars (docs/reliability.md R5.6): a million rows in five minutes, flat memory, a responsive event loop.
 */
export async function benchImport(rows = 1_000_000): Promise<BenchResult[]> {
  const server = await benchServer();
  try {
    return await measure(await server.open("bench_import"), rows);
  } finally {
    await server.close();
  }
}

async function measure(database: Database, rows: number): Promise<BenchResult[]> {
  const { db, pool } = database;
  const clock = manualClock("2026-12-01T10:00");
  const vault = testVault(db);
  const write = rowWriter(db, clock, vault);
  const accountId = await write.account();
  const variables = { amount_due: { type: "money", required: true }, due_date: { type: "date" }, birth_year: { type: "number" } } as const;
  const campaignId = await write.campaign(accountId, { state: "draft", definitionSource: testDefinition({ languages: ["hi-IN", "en-IN"], variables }) });

  const loop = monitorEventLoopDelay({ resolution: 5 });
  const rssBefore = process.memoryUsage.rss();
  let rssPeak = rssBefore;
  loop.enable();
  const watched = async function* () {
    for await (const piece of list(rows)) {
      rssPeak = Math.max(rssPeak, process.memoryUsage.rss());
      yield piece;
    }
  };
  const deps = { db, pool, vault, clock, random: systemRandom, log: silentLog, limits: { ...importLimits, maxBytes: 1_000_000_000 } };
  const importMs = await timed(() => importContacts(deps, { accountId, campaignId, source: watched(), mapping: {}, onDuplicate: "keep_first" }));
  loop.disable();
  // The yardstick comes second, so that what it leaves behind in memory is not taken for the import's.
  const bareMs = await timed(() => bareCopy(database, rows));

  const result = (name: string, value: number, unit: string, bar: string, met: boolean): BenchResult => ({ bench: "import", measure: name, value, unit, bar, met });
  const perSecond = (ms: number) => Math.round((rows / ms) * 1_000);
  const grownMib = Math.round((rssPeak - rssBefore) / 2 ** 20);
  const peakMb = Math.round(rssPeak / 1e6);
  const p99Ms = Math.round(loop.percentile(99) / 1e6);
  return [
    result("bare csv-parse and COPY", perSecond(bareMs), "rows/s", "the yardstick", true),
    { ...result("list imported: checked, sealed, merged", perSecond(importMs), "rows/s", "≥ 3,333 (a million in 5 min)", importMs <= (rows / 1_000_000) * 300_000), reference: perSecond(bareMs) },
    result("memory grown meanwhile", grownMib, "MiB", "≤ 150", grownMib <= 150),
    result("memory of the process at most", peakMb, "MB", "≤ 300", peakMb <= 300),
    result("event loop delay p99", p99Ms, "ms", "≤ 50", p99Ms <= 50),
  ];
}

async function bareCopy(database: Database, rows: number): Promise<void> {
  await database.pool.query("create table bare_list (phone text, name text, language text, external_id text, amount_due text, due_date text, birth_year text)");
  const client = await database.pool.connect();
  const lines = async function* (records: AsyncIterable<string[]>) {
    for await (const record of records) yield `${record.join("\t")}\n`;
  };
  await pipeline(Readable.from(list(rows)), parse({ from: 2 }), lines, client.query(copyFrom("copy bare_list from stdin")));
  client.release();
}

async function* list(rows: number): AsyncGenerator<Buffer> {
  yield Buffer.from("phone,name,language,external_id,amount_due,due_date,birth_year\n");
  for (let at = 0; at < rows; at += 1_000) {
    const lines = Array.from({ length: Math.min(1_000, rows - at) }, (_, n) => `${6_000_000_000 + at + n},Person ${at + n},hi-IN,LN-${at + n},"4,500",25/12/2026,1975\n`);
    yield Buffer.from(lines.join(""));
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
