import { performance } from "node:perf_hooks";
import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import { from as copyFrom } from "pg-copy-streams";
import { systemRandom } from "../../src/adapters/system/random.ts";
import type { Database } from "../../src/db/database.ts";
import { newId } from "../../src/domain/ids.ts";
import type { AccountId, CampaignId, ImportId, ScrubRunId } from "../../src/domain/ids.ts";
import type { E164 } from "../../src/domain/phone-number.ts";
import type { Vault } from "../../src/domain/vault.ts";
import { importPreferences } from "../../src/scrub/import-preferences.ts";
import { scrubCampaign } from "../../src/scrub/scrub-campaign.ts";
import { manualClock } from "../support/clock.ts";
import { silentLog } from "../support/log.ts";
import { rowWriter, testDefinition } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";
import { benchServer } from "./bench-database.ts";
import type { BenchResult } from "./bench-result.ts";

export interface ScrubBenchSize {
  contacts: number;
  preferences: number;
  /** The share of contacts that are on the register and blocked by it. */
  blockedShare: number;
}

export const fullScrubBench: ScrubBenchSize = { contacts: 1_000_000, preferences: 20_000_000, blockedShare: 0.05 };

/**
 * The register loaded from a file, held against a plain COPY of the same rows into the same table; then a campaign's list scrubbed
 * against it, held against the bare join of the two tables. Bars: load ≥ 0.5 × plain COPY, scrub ≤ 2 × join, memory flat.
 */
export async function benchScrub(size: ScrubBenchSize = fullScrubBench): Promise<BenchResult[]> {
  const server = await benchServer();
  try {
    const database = await server.open("bench_scrub");
    return await measure(database, size);
  } finally {
    await server.close();
  }
}

async function measure(database: Database, size: ScrubBenchSize): Promise<BenchResult[]> {
  const { db, pool } = database;
  const clock = manualClock("2026-11-23T12:00:00+05:30");
  const vault = testVault(db);
  const rows = rowWriter(db, clock, vault);
  const account = await rows.account();
  const campaign = await rows.campaign(account, { state: "draft", definitionSource: testDefinition({ purpose: "promotional", preference_category: 1 }) });
  const deps = { db, pool, vault, clock, random: systemRandom, log: silentLog };

  const plainMs = await plainCopy(database, { account, vault, rows: size.preferences });
  const memory = watchMemory();
  const importMs = await timed(() => importPreferences(deps, { accountId: account, bytes: registerFile(size, memory.mark) }));
  await writeContacts(database, { account, campaign, vault, size, clock });
  await db.insertInto("scrub_runs").values(freshRun(account, campaign, new Date(clock.nowMs()))).execute();
  await pool.query("insert into scrub_results select r.id, c.account_id, c.number_key, false from contacts c join scrub_runs r on r.campaign_id = c.campaign_id");
  await pool.query("vacuum (analyze) contacts");
  await pool.query("vacuum (analyze) preferences");
  await pool.query("analyze scrub_results");

  const joinMs = Math.min(await bareJoin(database, account, campaign), await bareJoin(database, account, campaign));
  const scrubMs = await timed(() => scrubCampaign(deps, { campaignId: campaign }));
  const againMs = await timed(() => scrubCampaign(deps, { campaignId: campaign }));
  const grownMib = memory.stop();
  const result = (measureName: string, value: number, unit: string, bar: string, met: boolean): BenchResult => ({ bench: "scrub", measure: measureName, value, unit, bar, met });
  const rate = (ms: number) => Math.round((size.preferences / ms) * 1_000);
  return [
    result("plain COPY of the register", rate(plainMs), "rows/s", "the yardstick", true),
    { ...result("register imported from a file", rate(importMs), "rows/s", "≥ 0.5 × plain COPY", importMs <= 2 * plainMs), reference: rate(plainMs) },
    result("bare join of list and register", Math.round(joinMs), "ms", "the yardstick", true),
    { ...result(`scrub that blocks ${size.blockedShare * 100} % of ${size.contacts}`, Math.round(scrubMs), "ms", "≤ 2 × bare join", scrubMs <= 2 * joinMs), reference: Math.round(joinMs) },
    { ...result("the same scrub repeated", Math.round(againMs), "ms", "≤ 2 × bare join", againMs <= 2 * joinMs), reference: Math.round(joinMs) },
    result("memory grown after the first fifth", grownMib, "MiB", "≤ 100", grownMib <= 100),
  ];
}

/** The n-th number of the register; contacts take theirs from the same row, or from beyond it. */
function numberAt(n: number): string {
  return String(6_000_000_000 + ((n * 2_654_435_761) % 3_999_999_979));
}

const linesPerPiece = 2_000;

async function* pieces(count: number, line: (n: number) => string): AsyncGenerator<Buffer> {
  for (let at = 0; at < count; at += linesPerPiece) {
    let text = "";
    for (let n = at; n < Math.min(count, at + linesPerPiece); n += 1) text += line(n);
    yield Buffer.from(text);
  }
}

async function* registerFile(size: ScrubBenchSize, onFirstFifth: () => void): AsyncGenerator<Uint8Array> {
  yield Buffer.from("Phone Number,Preferences,Date\n");
  // Numbers of the list's first share are blocked for its category, all others for one that is not its own.
  const blocked = size.contacts * size.blockedShare;
  const fifth = Math.floor(size.preferences / 5);
  yield* pieces(size.preferences, (n) => {
    if (n === fifth) onFirstFifth();
    return `${numberAt(n)},${n < blocked ? "1" : "2|3|12"},12-05-2026\n`;
  });
}

/** COPY of rows that are ready, into a table like `preferences`. */
async function plainCopy(database: Database, input: { account: AccountId; vault: Vault; rows: number }): Promise<number> {
  await database.pool.query("create table plain_preferences (like preferences including all)");
  const key = plainKey();
  const tail = `\tpartial\t{1}\t{}\t{}\t{}\t2026-11-23 12:00:00+05:30\t\\N\t2026-11-23\n`;
  const client = await database.pool.connect();
  const ms = await timed(() =>
    pipeline(Readable.from(pieces(input.rows, (n) => `${input.account}\t${key(n)}${tail}`)), client.query(copyFrom("copy plain_preferences from stdin"))),
  );
  client.release();
  await database.pool.query("drop table plain_preferences");
  return ms;
}

/** Keys that look like hashes and cost nothing to make. */
function plainKey(): (n: number) => string {
  return (n) => {
    const mixed = BigInt.asUintN(64, BigInt(n) * 0x9e3779b97f4a7c15n).toString(36).padStart(13, "0");
    return `${mixed}${mixed.slice(0, 9)}`;
  };
}

async function writeContacts(database: Database, input: { account: AccountId; campaign: CampaignId; vault: Vault; size: ScrubBenchSize; clock: ReturnType<typeof manualClock> }): Promise<void> {
  const { size, vault } = input;
  const onRegister = Math.floor(size.contacts * 0.24);
  const client = await database.pool.connect();
  const at = new Date(input.clock.nowMs()).toISOString();
  const line = (n: number): string => {
    const number = `+91${numberAt(n < onRegister ? n : size.preferences + n)}` as E164;
    return `${newId<ImportId>(input.clock, systemRandom)}\t${input.account}\t${input.campaign}\t${vault.numberKey(number)}\t\\\\x00\thi-IN\t${at}\twaiting\t${at}\t${at}\n`;
  };
  const columns = "id, account_id, campaign_id, number_key, number_sealed, language, added_at, state, next_attempt_at, updated_at";
  await pipeline(Readable.from(pieces(size.contacts, line)), client.query(copyFrom(`copy contacts (${columns}) from stdin`)));
  client.release();
}

function freshRun(account: AccountId, campaign: CampaignId, now: Date) {
  const id = "01900000-0000-7000-8000-0000000000aa" as ScrubRunId;
  return { id, account_id: account, campaign_id: campaign, provider: "p", reference: "r", category: 1, scrubbed_at: now, expires_at: now, submitted_count: 0, blocked_count: 0, list_hash: "", created_at: now };
}

function bareJoin({ pool }: Database, account: AccountId, campaign: CampaignId): Promise<number> {
  return timed(() => pool.query("select count(*) filter (where p.scheme = 'partial' and 1 = any(p.categories)) from contacts c left join preferences p on p.account_id = $1 and p.number_key = c.number_key where c.campaign_id = $2", [account, campaign]));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

/** Samples this process's resident memory; `stop` answers by how many MiB its peak rose after `mark`. */
function watchMemory(): { mark(): void; stop(): number } {
  let most = 0;
  let mostBefore = 0;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 200);
  return {
    mark() {
      mostBefore = most;
    },
    stop() {
      clearInterval(timer);
      return Math.round((most - mostBefore) / 1_048_576);
    },
  };
}
