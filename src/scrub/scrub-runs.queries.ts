import type { PoolClient } from "pg";
import type { Db } from "../db/database.ts";
import type { AccountId, CampaignId, ScrubRunId } from "../domain/ids.ts";
import { runReasons } from "./scrub-reasons.ts";

export interface NewScrubRun {
  id: ScrubRunId;
  accountId: AccountId;
  campaignId: CampaignId;
  provider: string;
  reference: string;
  category: number | null;
  scrubbedAt: Date;
  expiresAt: Date;
  now: Date;
}

/** The campaign of the account, for a run over its list. */
export async function campaignForRun(db: Db, input: { accountId: AccountId; campaignId: CampaignId }) {
  return db.selectFrom("campaigns").select(["id", "definition"]).where("id", "=", input.campaignId).where("account_id", "=", input.accountId).executeTakeFirst();
}

/** Columns of `scrub_rows`, where the rows of a result wait; `blocked` false is a number the operator cleared. */
export const scrubColumns = 'number_key text collate "C", blocked boolean';

/**
 * Notes the run; false when the account already has one with this provider and reference, however they are written. Runs of one account are
 * recorded one after the other: each sees whom the others block.
 */
export async function insertRun(client: PoolClient, run: NewScrubRun): Promise<boolean> {
  await client.query("select pg_advisory_xact_lock(hashtextextended('scrub runs ' || $1::text, 0))", [run.accountId]);
  const { rowCount } = await client.query(
    `insert into scrub_runs (id, account_id, campaign_id, provider, reference, category, scrubbed_at, expires_at, submitted_count, blocked_count, list_hash, created_at)
     select $1, $2, $3, $4, $5, $6, $7, $8, 0, 0, '', $9
     where not exists (select from scrub_runs where account_id = $2 and lower(provider) = lower($4) and lower(reference) = lower($5))`,
    [run.id, run.accountId, run.campaignId, run.provider, run.reference, run.category, run.scrubbedAt, run.expiresAt, run.now],
  );
  return rowCount === 1;
}

/**
 * Writes what the run said of each contact that was on the list when it was scrubbed. `covers`: "list" when the file named
 * only those blocked, so that the others are clear; "rows" when it named everybody, so that a number it left out is not
 * covered; "blocked_rows" when rows were unreadable and nothing may be taken for clear.
 */
export async function insertResults(client: PoolClient, run: NewScrubRun, covers: "list" | "rows" | "blocked_rows"): Promise<void> {
  const join = covers === "list" ? "left join" : "join";
  const onlyBlocked = covers === "blocked_rows" ? "and s.blocked" : "";
  await client.query(
    `insert into scrub_results (run_id, account_id, number_key, blocked)
     select $1, $2, c.number_key, coalesce(s.blocked, false)
     from (select distinct number_key from contacts where campaign_id = $3 and added_at <= $4) c
     ${join} (select number_key, bool_or(blocked) as blocked from scrub_rows group by number_key) s on s.number_key = c.number_key ${onlyBlocked}`,
    [run.id, run.accountId, run.campaignId, run.scrubbedAt],
  );
}

export interface RunCounts {
  covered: number;
  blocked: number;
  listHash: string;
}

/** How many numbers the result names, how many of them no contact of the campaign has, and whether it has contacts at all. */
export async function whomItNames(client: PoolClient, run: NewScrubRun): Promise<{ numbers: number; strangers: number; hasContacts: boolean }> {
  const { rows } = await client.query<{ numbers: string; strangers: string; has_contacts: boolean }>(
    `select count(*) as numbers, count(*) filter (where c.number_key is null) as strangers, exists (select from contacts where campaign_id = $1) as has_contacts
     from (select distinct number_key from scrub_rows) s
     left join (select distinct number_key from contacts where campaign_id = $1) c on c.number_key = s.number_key`,
    [run.campaignId],
  );
  return { numbers: Number(rows[0]?.numbers ?? 0), strangers: Number(rows[0]?.strangers ?? 0), hasContacts: rows[0]?.has_contacts ?? false };
}

/** Counts the run and binds it to its list: SHA-256 over the covered number keys in order. */
export async function sealRun(client: PoolClient, run: NewScrubRun): Promise<RunCounts> {
  const { rows } = await client.query<{ covered: string; blocked: string; list_hash: string }>(
    `with counted as (
       select count(*) as covered, count(*) filter (where blocked) as blocked,
         encode(sha256(convert_to(coalesce(string_agg(number_key, E'\\n' order by number_key), ''), 'UTF8')), 'hex') as list_hash
       from scrub_results where run_id = $1
     ), written as (
       update scrub_runs set submitted_count = counted.covered, blocked_count = counted.blocked, list_hash = counted.list_hash from counted where id = $1
     )
     select * from counted`,
    [run.id],
  );
  const row = rows[0];
  if (!row) throw new Error("expected the counts of a run that was just written");
  return { covered: Number(row.covered), blocked: Number(row.blocked), listHash: row.list_hash };
}

/** Whether a run is the campaign's newest by the instant it was scrubbed, then by its id: only that one clears. */
export async function isNewestRun(client: PoolClient, run: NewScrubRun): Promise<boolean> {
  const { rows } = await client.query<{ newest: boolean }>("select not exists (select from scrub_runs where campaign_id = $1 and (scrubbed_at, id) > ($2, $3)) as newest", [run.campaignId, run.scrubbedAt, run.id]);
  return rows[0]?.newest ?? false;
}

/** `blocked → waiting` for contacts that an earlier run kept back, this one cleared, and no other that still counts blocks. */
export async function freeCleared(client: PoolClient, run: NewScrubRun): Promise<number> {
  const { rowCount } = await client.query(
    `update contacts c set state = 'waiting', blocked_reason = null, waiting_because = null, next_attempt_at = greatest(c.not_before, $2), updated_at = $2
     from scrub_results r
     where r.run_id = $1 and not r.blocked and c.campaign_id = $3 and c.number_key = r.number_key
       and not exists (select from scrub_runs v join scrub_results o on o.run_id = v.id
                       where v.campaign_id = $3 and v.id <> $1 and v.expires_at > $2 and o.number_key = r.number_key and o.blocked)
       and c.state = 'blocked' and c.blocked_reason = any($4::text[]) and c.erased_at is null and c.number_sealed is not null`,
    [run.id, run.now, run.campaignId, [...runReasons]],
  );
  return rowCount ?? 0;
}

/** `waiting → blocked` for contacts that this run blocked, with a piece of evidence each. */
export async function blockBlocked(client: PoolClient, run: NewScrubRun, evidence: { ist: string; body: Record<string, unknown> }): Promise<number> {
  const { rowCount } = await client.query(
    `with blocked as (
       update contacts c set state = 'blocked', blocked_reason = 'scrub_blocked', next_attempt_at = null, waiting_because = null, updated_at = $2
       from scrub_results r
       where r.run_id = $1 and r.blocked and c.campaign_id = $3 and c.number_key = r.number_key and c.state = 'waiting'
       returning c.id, c.number_key
     )
     insert into evidence (account_id, campaign_id, contact_id, number_key, at, ist, decision, code, body)
     select $4, $3, id, number_key, $2, $5, 'never', 'scrub_blocked', $6::jsonb from blocked`,
    [run.id, run.now, run.campaignId, run.accountId, evidence.ist, JSON.stringify(evidence.body)],
  );
  return rowCount ?? 0;
}
