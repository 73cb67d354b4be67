import type { PoolClient } from "pg";
import type { Db } from "../db/database.ts";
import type { AccountId } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";
import type { ConsentBasis } from "../rules/facts.ts";

export interface NewConsent {
  id: string;
  numberKey: NumberKey;
  basis: ConsentBasis;
  purpose: string | null;
  reference: string | null;
  registeredOnDlt: boolean;
  givenAt: Date;
  endsAt: Date | null;
}

export async function insertConsents(db: Db, input: { accountId: AccountId; consents: readonly NewConsent[]; now: Date }): Promise<void> {
  await db
    .insertInto("consents")
    .values(
      input.consents.map((row) => ({
        id: row.id,
        account_id: input.accountId,
        number_key: row.numberKey,
        basis: row.basis,
        purpose: row.purpose,
        reference: row.reference,
        registered_on_dlt: row.registeredOnDlt,
        given_at: row.givenAt,
        ends_at: row.endsAt,
        created_at: input.now,
      })),
    )
    .execute();
}

/** Columns of `consent_rows`, where the rows of a file wait. */
export const consentColumns = 'id uuid, number_key text collate "C", basis text, purpose text, reference text, registered_on_dlt boolean, given_at timestamptz, ends_at timestamptz';

/** Puts the staged rows on file, but none twice: what is there already with the same basis, instant, end and reference is left alone. */
export async function mergeConsents(client: PoolClient, input: { accountId: AccountId; now: Date }): Promise<{ recorded: number; already: number }> {
  const { rows } = await client.query<{ staged: string; recorded: string }>(
    `with fresh as (
       select distinct on (number_key, basis, given_at, ends_at, reference) * from consent_rows r
       where not exists (select from consents c
                         where c.account_id = $1 and c.number_key = r.number_key and c.basis = r.basis and c.given_at = r.given_at
                           and c.ends_at is not distinct from r.ends_at and c.reference is not distinct from r.reference)
       order by number_key, basis, given_at, ends_at, reference, registered_on_dlt desc, id
     ), recorded as (
       insert into consents (id, account_id, number_key, basis, purpose, reference, registered_on_dlt, given_at, ends_at, created_at)
       select id, $1, number_key, basis, purpose, reference, registered_on_dlt, given_at, ends_at, $2 from fresh returning 1
     )
     select (select count(*) from consent_rows) as staged, (select count(*) from recorded) as recorded`,
    [input.accountId, input.now],
  );
  const recorded = Number(rows[0]?.recorded ?? 0);
  return { recorded, already: Number(rows[0]?.staged ?? 0) - recorded };
}

/** Withdraws the open consents of a number, of one basis or of all; answers how many there were. */
export async function revokeOpenConsents(db: Db, input: { accountId: AccountId; numberKey: NumberKey; basis: ConsentBasis | null; now: Date }): Promise<number> {
  let query = db
    .updateTable("consents")
    .set({ revoked_at: input.now })
    .where("account_id", "=", input.accountId)
    .where("number_key", "=", input.numberKey)
    .where("revoked_at", "is", null);
  if (input.basis !== null) query = query.where("basis", "=", input.basis);
  return Number((await query.executeTakeFirst()).numUpdatedRows);
}

export async function selectConsents(db: Db, input: { accountId: AccountId; numberKey: NumberKey }) {
  return db
    .selectFrom("consents")
    .selectAll()
    .where("account_id", "=", input.accountId)
    .where("number_key", "=", input.numberKey)
    .orderBy("given_at", "desc")
    .execute();
}
