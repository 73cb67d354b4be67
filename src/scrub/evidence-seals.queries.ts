import { type RawBuilder, sql } from "kysely";
import type { Db, Tx } from "../db/database.ts";
import type { EvidenceRow } from "./evidence-line.ts";

export interface SealRow {
  id: number;
  first_id: string;
  last_id: string;
  rows: number;
  digests: Buffer;
  hash: string;
  previous: string;
  signature: string;
  /** UTC with microseconds. */
  sealed_at: string;
}

/** The newest row anybody can see, and the number of the next transaction: later, "all before it are over" can be asked. */
export async function horizon(db: Db): Promise<{ lastId: string | null; nextTransaction: string }> {
  const { rows } = await sql<{ last_id: string | null; next_transaction: string }>`
    select (select max(id)::text from evidence) as last_id, pg_snapshot_xmax(pg_current_snapshot())::text as next_transaction`.execute(db);
  return { lastId: rows[0]?.last_id ?? null, nextTransaction: rows[0]?.next_transaction ?? "0" };
}

/** Whether every transaction with a lower number is over. */
export async function allOverBefore(db: Db, transaction: string): Promise<boolean> {
  const { rows } = await sql<{ over: boolean }>`select pg_snapshot_xmin(pg_current_snapshot()) >= ${transaction}::xid8 as over`.execute(db);
  return rows[0]?.over ?? false;
}

/** One process seals at a time; false when another one is at it. */
export async function lockSealing(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`select pg_try_advisory_xact_lock(hashtextextended('evidence seals', 0)) as locked`.execute(tx);
  return rows[0]?.locked ?? false;
}

const utcText = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const rowColumns: RawBuilder<EvidenceRow> = sql.raw(`id::text, account_id::text, campaign_id::text, contact_id::text, attempt_id::text, number_key,
  ${utcText("at")} as at, ist, decision, code, caller_number, body::text as body`);

/** Rows after an id, up to another, in order. */
export async function evidenceBetween(db: Db, range: { afterId: string; upToId: string; limit: number }): Promise<EvidenceRow[]> {
  const { rows } = await sql<EvidenceRow>`
    select ${rowColumns} from evidence where id > ${range.afterId}::bigint and id <= ${range.upToId}::bigint order by evidence.id limit ${range.limit}`.execute(db);
  return rows;
}

export interface EvidenceFilter {
  accountId: string;
  numberKey?: string;
  campaignId?: string;
  from?: Date;
  /** Exclusive. */
  to?: Date;
}

/** The account's rows that match, after an id, in order. */
export async function evidencePage(db: Db, filter: EvidenceFilter, page: { afterId: string; limit: number }): Promise<EvidenceRow[]> {
  const conditions = [sql`account_id = ${filter.accountId}`, sql`id > ${page.afterId}::bigint`];
  if (filter.numberKey !== undefined) conditions.push(sql`number_key = ${filter.numberKey}`);
  if (filter.campaignId !== undefined) conditions.push(sql`campaign_id = ${filter.campaignId}`);
  if (filter.from) conditions.push(sql`at >= ${filter.from}`);
  if (filter.to) conditions.push(sql`at < ${filter.to}`);
  const { rows } = await sql<EvidenceRow>`select ${rowColumns} from evidence where ${sql.join(conditions, sql` and `)} order by evidence.id limit ${page.limit}`.execute(db);
  return rows;
}

const sealColumns = sql.raw(`id, first_id::text, last_id::text, rows, digests, hash, previous, signature, ${utcText("sealed_at")} as sealed_at`);

export async function lastSeal(db: Db): Promise<SealRow | undefined> {
  const { rows } = await sql<SealRow>`select ${sealColumns} from evidence_seals order by id desc limit 1`.execute(db);
  return rows[0];
}

/** Seals after a seal, in order. */
export async function sealsAfter(db: Db, id: number, limit: number): Promise<SealRow[]> {
  const { rows } = await sql<SealRow>`select ${sealColumns} from evidence_seals where id > ${id} order by id limit ${limit}`.execute(db);
  return rows;
}

export async function insertSeal(tx: Tx, seal: SealRow): Promise<void> {
  await sql`
    insert into evidence_seals (id, first_id, last_id, rows, digests, hash, previous, signature, sealed_at)
    values (${seal.id}, ${seal.first_id}, ${seal.last_id}, ${seal.rows}, ${seal.digests}, ${seal.hash}, ${seal.previous}, ${seal.signature}, ${seal.sealed_at}::timestamptz)`.execute(tx);
}

/** Which seal covers each of the given rows: the first whose stretch reaches it. */
export async function sealsOf(db: Db, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; seal: number }>`
    select asked.id::text as id, s.id as seal
    from unnest(${[...ids]}::bigint[]) asked(id)
    cross join lateral (select id from evidence_seals where last_id >= asked.id order by last_id limit 1) s`.execute(db);
  return new Map(rows.map((row) => [row.id, row.seal]));
}

export async function countAfter(db: Db, id: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from evidence where id > ${id}::bigint`.execute(db);
  return rows[0]?.count ?? 0;
}
