import { sql } from "kysely";
import type { Db, Tx } from "../db/database.ts";
import type { AccountId, ImportId } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";

/** The suppressions that erasures left, in the words of the index over them. */
const erased = sql`s.reason = 'erased' and s.number_sealed is null and s.lifted_at is null`;

/** Refuses rows about persons who were erased, and keeps nothing personal of any row about them, whatever else is wrong with it. */
export async function refuseErased(tx: Tx, input: { importId: ImportId; accountId: AccountId }): Promise<void> {
  const { rows: some } = await sql`select 1 from suppressions s where s.account_id = ${input.accountId} and ${erased} limit 1`.execute(tx);
  if (some.length === 0) return;
  await sql`set local enable_nestloop = off`.execute(tx);
  await sql`
    update import_rows r
    set reason = 'erased', column_name = null, original_sealed = null, number_sealed = null, name_sealed = null, variables_sealed = null, external_id = null
    from suppressions s
    where s.account_id = ${input.accountId} and ${erased} and r.import_id = ${input.importId} and r.number_key = s.number_key`.execute(tx);
  await sql`set local enable_nestloop = on`.execute(tx);
}

/** Whether the person was erased from the account and has not been let in again since. */
export async function isErased(db: Db, person: { accountId: AccountId; numberKey: NumberKey }): Promise<boolean> {
  const { rows } = await sql`select 1 from suppressions s where s.account_id = ${person.accountId} and s.number_key = ${person.numberKey} and ${erased}`.execute(db);
  return rows.length > 0;
}
