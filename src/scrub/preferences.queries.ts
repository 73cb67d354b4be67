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
 * counts; a row in doubt beats them all. Sorted, so that imports side by side cannot lock each other out.
 */
export async function mergePreferences(client: PoolClient, input: PreferenceImport): Promise<{ numbers: number; inDoubt: number }> {
  await client.query("set local work_mem = '128MB'");
  const { rows } = await client.query<{ numbers: string; in_doubt: string }>(
    `with newest as (
       select distinct on (number_key) number_key, in_doubt, scheme, categories, modes, bands, days
       from preference_rows order by number_key, in_doubt desc, dated desc nulls last, line desc
     ), merged as (
       insert into preferences (account_id, number_key, scheme, categories, modes, bands, days, updated_at, import_id)
       select $1, number_key, scheme, categories, modes, bands, days, $2, $3 from newest
       on conflict (account_id, number_key) do update set
         scheme = excluded.scheme, categories = excluded.categories, modes = excluded.modes, bands = excluded.bands, days = excluded.days,
         updated_at = excluded.updated_at, import_id = excluded.import_id
     )
     select count(*) as numbers, count(*) filter (where in_doubt) as in_doubt from newest`,
    [input.accountId, input.now, input.id],
  );
  return { numbers: Number(rows[0]?.numbers ?? 0), inDoubt: Number(rows[0]?.in_doubt ?? 0) };
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
