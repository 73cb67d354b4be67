import { performance } from "node:perf_hooks";
import { Writable } from "node:stream";
import { sql } from "kysely";
import type { Database } from "../../src/db/database.ts";
import type { AccountId, CampaignId, ContactId } from "../../src/domain/ids.ts";
import { newId } from "../../src/domain/ids.ts";
import { systemRandom } from "../../src/adapters/system/random.ts";
import type { Vault } from "../../src/domain/vault.ts";
import type { OutcomeRow } from "../../src/report/outcome-columns.ts";
import { writeOutcomeCsv, writeOutcomeNdjson } from "../../src/report/outcome-files.ts";
import { outcomePage, type OutcomePageRow } from "../../src/report/outcome-rows.queries.ts";
import { outcomeRows } from "../../src/report/outcome-rows.ts";
import { writeOutcomeXlsx } from "../../src/report/outcome-xlsx.ts";
import { manualClock } from "../support/clock.ts";
import { rowWriter, testNumber } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";
import { benchServer } from "./bench-database.ts";
import type { BenchResult } from "./bench-result.ts";

type Write = (rows: AsyncIterable<OutcomeRow>, to: Writable) => Promise<void>;

const formats: readonly [name: string, write: Write][] = [
  ["csv", writeOutcomeCsv],
  ["ndjson", writeOutcomeNdjson],
  ["xlsx", writeOutcomeXlsx],
];

/**
 * Exports a campaign in every format, numbers and names sealed, half of the contacts with an outcome, beside merely reading
 * the same rows. Bars: a quarter of the reading's speed, and five times the rows do not cost more than 40 MB more memory.
 */
export async function benchExport(options: { contacts?: number } = {}): Promise<BenchResult[]> {
  const contacts = options.contacts ?? 100_000;
  const server = await benchServer();
  try {
    const database = await server.open("outcomes");
    const vault = testVault(database.db);
    const clock = manualClock("2026-12-01T11:00");
    const rows = rowWriter(database.db, clock, vault);
    const accountId = await rows.account();
    const small = await rows.campaign(accountId);
    const large = await rows.campaign(accountId);
    await fill(database, vault, { accountId, campaignId: small, contacts: contacts / 5 });
    await fill(database, vault, { accountId, campaignId: large, contacts });
    await sql`vacuum analyze contacts, outcomes`.execute(database.db);
    const bareMs = await timed(() => readOnly(database, { accountId, campaignId: large }));
    const bareRate = Math.round((contacts / bareMs) * 1_000);
    const results: BenchResult[] = [{ bench: "export", measure: `merely reading ${contacts.toLocaleString("en")} contacts`, value: bareRate, unit: "rows/s", bar: "for comparison", met: true }];
    for (const [name, write] of formats) {
      const from = (campaignId: CampaignId) => outcomeRows({ db: database.db, vault }, { accountId, campaignId });
      const few = await measured(write, from(small));
      const many = await measured(write, from(large));
      const rate = Math.round((contacts / many.ms) * 1_000);
      const grownMb = Math.round((many.peakBytes - few.peakBytes) / 1_048_576);
      results.push(
        { bench: "export", measure: `${name}: ${contacts.toLocaleString("en")} contacts`, value: rate, unit: "rows/s", reference: bareRate, bar: "≥ ¼ of merely reading", met: rate >= bareRate / 4 },
        { bench: "export", measure: `${name}: memory, five times the rows`, value: grownMb, unit: "MB more", bar: "≤ 40", met: grownMb <= 40 },
      );
    }
    return results;
  } finally {
    await server.close();
  }
}

async function readOnly(database: Database, of: { accountId: AccountId; campaignId: CampaignId }): Promise<void> {
  let after: ContactId | null = null;
  for (;;) {
    const page: OutcomePageRow[] = await outcomePage(database.db, of, after, 1_000);
    after = page.at(-1)?.contact_id ?? null;
    if (after === null) return;
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

async function measured(write: Write, rows: AsyncIterable<OutcomeRow>): Promise<{ ms: number; peakBytes: number }> {
  let peakBytes = 0;
  const sampling = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage().rss)), 20);
  const ms = await timed(() => write(rows, new Writable({ write: (_chunk, _encoding, done) => done() })));
  clearInterval(sampling);
  return { ms, peakBytes };
}

const batch = 5_000;

async function fill(database: Database, vault: Vault, of: { accountId: AccountId; campaignId: CampaignId; contacts: number }): Promise<void> {
  const account = await vault.forAccount(of.accountId);
  const clock = manualClock("2026-11-01T00:00");
  for (let done = 0; done < of.contacts; done += batch) {
    const ids = Array.from({ length: Math.min(batch, of.contacts - done) }, () => newId<ContactId>(clock, systemRandom));
    const numbers = ids.map((_, index) => testNumber((done + index) % 900_000));
    await sql`
      insert into contacts (id, account_id, campaign_id, number_key, number_sealed, name_sealed, language, added_at, state, disposition, updated_at)
      select id, ${of.accountId}, ${of.campaignId}, md5(id::text), number, name, 'hi-IN', ${new Date(0)}, 'done', 'promise_to_pay', ${new Date(0)}
      from unnest(${ids}::uuid[], ${ids.map((id, index) => account.seal("contacts.number", id, numbers[index] ?? ""))}::bytea[],
                  ${ids.map((id) => account.seal("contacts.name", id, "आशा Sharma"))}::bytea[]) as c (id, number, name)
    `.execute(database.db);
    const reached = ids.filter((_, index) => index % 2 === 0);
    await sql`
      with called as (
        insert into attempts (id, account_id, campaign_id, contact_id, number_key, ordinal, due_class, token, state, planned_at, due_at, updated_at)
        select gen_random_uuid(), ${of.accountId}, ${of.campaignId}, id, md5(id::text), 1, 'fresh', id::text, 'ended', ${new Date(0)}, ${new Date(0)}, ${new Date(0)}
        from unnest(${reached}::uuid[]) as c (id) returning id, contact_id
      )
      insert into outcomes (contact_id, account_id, campaign_id, attempt_id, disposition, fields_sealed, attempts, cost_paise, first_attempt_at, last_attempt_at, recorded_at)
      select called.contact_id, ${of.accountId}, ${of.campaignId}, called.id, 'promise_to_pay', f.fields, 1, 930, ${new Date(0)}, ${new Date(0)}, ${new Date(0)}
      from called join unnest(${reached}::uuid[], ${reached.map((id) => account.seal("outcomes.fields", id, '{"amount":450000,"date":"2026-12-05"}'))}::bytea[]) as f (id, fields) on f.id = called.contact_id
    `.execute(database.db);
  }
}
