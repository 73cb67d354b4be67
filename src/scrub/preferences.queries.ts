import type { PoolClient } from "pg";
import type { AccountId } from "../domain/ids.ts";

export interface PreferenceImport {
  id: string;
  accountId: AccountId;
  now: Date;
}

/** Columns of `preference_rows`, where register rows wait, without indexes, until all of them are known. */
export const preferenceColumns = 'number_key text collate "C", in_doubt boolean, scheme text, categories smallint[], modes smallint[], bands smallint[], days smallint[], dated date';

interface Merge extends PreferenceImport {
  /** The IST date of the import: for when rows without a date speak. */
  today: string;
  stagedRows: number;
  /** The file has rows of the scheme of 2010, so that mere codes are of that scheme too. */
  oldScheme: boolean;
}

export interface MergedPreferences {
  numbers: number;
  inDoubt: number;
  /** Numbers of which the register holds a newer row, which stays. */
  keptNewer: number;
}

/**
 * Makes the staged rows the account's register. Imports of one account are merged one after the other, so that the first one, which
 * brings the whole register, need not ask of each row whether it is there. Sorted, because the index then grows at its end.
 */
export async function mergePreferences(client: PoolClient, merge: Merge): Promise<MergedPreferences> {
  await client.query("set local work_mem = '128MB'");
  await client.query("select pg_advisory_xact_lock(hashtextextended('preference register ' || $1::text, 0))", [merge.accountId]);
  const begun = await client.query("select from preferences where account_id = $1 limit 1", [merge.accountId]);
  const first = begun.rowCount === 0;
  // Mere codes of the scheme of 2010 are what the subscriber wanted to keep.
  if (merge.oldScheme) await client.query("update preference_rows set scheme = 'legacy', categories = '{}', modes = '{}', bands = '{}', days = '{}' where scheme = 'bare'");
  await client.query("savepoint before_rows");
  let named = merge.stagedRows;
  let numbers = first ? await insertRows(client, merge, "") : undefined;
  if (numbers !== named) {
    // Only now is it known that numbers are named twice; most registers name nobody twice.
    await client.query("rollback to savepoint before_rows");
    named -= await uniteRepeated(client);
    numbers = await insertRows(client, merge, first ? "" : overwrite);
  }
  const doubtful = await client.query<{ numbers: string }>("select count(*) as numbers from preference_rows where in_doubt");
  return { numbers, inDoubt: Number(doubtful.rows[0]?.numbers ?? 0), keptNewer: named - numbers };
}

/** Rows without a date speak for the day of the import; a row in doubt keeps what date it has, so that the corrected row replaces it. */
async function insertRows(client: PoolClient, merge: Merge, ifThere: string): Promise<number> {
  const { rowCount } = await client.query(
    `insert into preferences (account_id, number_key, scheme, categories, modes, bands, days, updated_at, import_id, dated)
     select distinct on (number_key) $1::uuid, number_key, case scheme when 'bare' then 'partial' else scheme end, categories, modes, bands, days, $2::timestamptz, $3::uuid,
       case when in_doubt then dated else coalesce(dated, $4::date) end
     from preference_rows order by number_key
     ${ifThere}`,
    [merge.accountId, merge.now, merge.id, merge.today],
  );
  return rowCount ?? 0;
}

/** What is on file gives way to rows of its day or later, and stays where it is newer. A row in doubt has the date that it corrects, or none. */
const overwrite = `on conflict (account_id, number_key) do update set
  scheme = excluded.scheme, categories = excluded.categories, modes = excluded.modes, bands = excluded.bands, days = excluded.days,
  updated_at = excluded.updated_at, import_id = excluded.import_id, dated = coalesce(excluded.dated, preferences.dated)
  where preferences.dated is null or excluded.dated is null or excluded.dated >= preferences.dated`;

/**
 * Makes one row of the several about one number: those of the newest date, and those without a date, which may be newer still, count
 * together, all their codes and the strictest scheme; a row in doubt closes the number whatever the others say. Answers how many rows fewer there are.
 */
async function uniteRepeated(client: PoolClient): Promise<number> {
  await client.query(
    `create temp table preference_united on commit drop as
     with repeated as (
       select number_key, bool_or(in_doubt) as any_doubt, bool_or(dated is null) as undated, max(dated) as newest, count(*) as named
       from preference_rows group by number_key having count(*) > 1
     ), united as (
       select number_key, any_doubt, undated, newest, named, max(array_position(${schemes}, scheme)) as strictest,
         ${lists.map((list) => `string_agg(array_to_string(${list}, ','), ',') as ${list}`).join(", ")}
       from repeated join preference_rows p using (number_key) where p.dated is null or p.dated = newest
       group by number_key, any_doubt, undated, newest, named
     )
     select number_key, named, any_doubt as in_doubt, case when any_doubt then 'full_block' else (${schemes})[strictest] end as scheme,
       ${lists.map((list) => `case when any_doubt or (${schemes})[strictest] not in ('bare', 'partial') then '{}'::smallint[] else ${codesOf(list)} end as ${list}`).join(", ")},
       case when undated and not any_doubt then null else newest end as dated
     from united`,
  );
  await client.query("delete from preference_rows p using preference_united u where u.number_key = p.number_key");
  await client.query("insert into preference_rows select number_key, in_doubt, scheme, categories, modes, bands, days, dated from preference_united");
  const { rows } = await client.query<{ fewer: string }>("select coalesce(sum(named - 1), 0) as fewer from preference_united");
  return Number(rows[0]?.fewer ?? 0);
}

/** The mildest first. */
const schemes = "array['none', 'bare', 'partial', 'block_promo', 'legacy', 'full_block']";
const lists = ["categories", "modes", "bands", "days"] as const;

/** The codes of several rows, each once. */
function codesOf(list: string): string {
  return `array(select distinct code::smallint from unnest(string_to_array(${list}, ',')) code where code <> '' order by 1)`;
}

/** Writes down that an import took place, with what was wrong in it; the row errors hold no numbers. */
export async function recordPreferenceImport(
  client: PoolClient,
  input: PreferenceImport & { rows: number; rejected: number; rejects: unknown; listHash: string },
): Promise<void> {
  await client.query(
    `insert into preference_imports (id, account_id, rows, accepted, rejected, rejects, created_at, list_hash) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [input.id, input.accountId, input.rows, input.rows - input.rejected, input.rejected, JSON.stringify(input.rejects), input.now, input.listHash],
  );
}
