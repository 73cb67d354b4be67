import type { PoolClient } from "pg";
import type { AccountId } from "../domain/ids.ts";

export interface PreferenceImport {
  id: string;
  accountId: AccountId;
  now: Date;
}

/** Columns of `preference_rows`, where register rows wait, without indexes, until all of them are known. */
export const preferenceColumns =
  'line int, number_key text collate "C", in_doubt boolean, scheme text, categories smallint[], modes smallint[], bands smallint[], days smallint[], dated date';

/**
 * Makes the staged rows the account's register: of several rows about one number the newest by date, then by line,
 * counts; a row in doubt beats them all. Imports of one account are merged one after the other, so that the first one, which
 * brings the whole register, need not ask of each row whether it is there. Sorted, because the index then grows at its end.
 */
export async function mergePreferences(client: PoolClient, input: PreferenceImport): Promise<{ numbers: number; inDoubt: number }> {
  await client.query("set local work_mem = '128MB'");
  await client.query("select pg_advisory_xact_lock(hashtextextended('preference register ' || $1::text, 0))", [input.accountId]);
  const begun = await client.query("select from preferences where account_id = $1 limit 1", [input.accountId]);
  const ifThere = begun.rowCount === 0 ? "" : overwrite;
  const merged = await client.query(
    `insert into preferences (account_id, number_key, scheme, categories, modes, bands, days, updated_at, import_id)
     select distinct on (number_key) $1::uuid, number_key, scheme, categories, modes, bands, days, $2::timestamptz, $3::uuid
     from preference_rows order by number_key, in_doubt desc, dated desc nulls last, line desc
     ${ifThere}`,
    [input.accountId, input.now, input.id],
  );
  const doubtful = await client.query<{ numbers: string }>("select count(distinct number_key) as numbers from preference_rows where in_doubt");
  return { numbers: merged.rowCount ?? 0, inDoubt: Number(doubtful.rows[0]?.numbers ?? 0) };
}

const overwrite = `on conflict (account_id, number_key) do update set
  scheme = excluded.scheme, categories = excluded.categories, modes = excluded.modes, bands = excluded.bands, days = excluded.days,
  updated_at = excluded.updated_at, import_id = excluded.import_id`;

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
