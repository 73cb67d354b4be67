import { sql } from "kysely";
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

/** Puts consents on file, those given before a withdrawal that is on file as withdrawn; answers which of them are. */
export async function insertConsents(db: Db, input: { accountId: AccountId; consents: readonly NewConsent[]; now: Date }): Promise<Set<string>> {
  const values = input.consents.map((row) => ({
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
  }));
  await db.insertInto("consents").values(values).execute();
  const { rows } = await sql<{ id: string }>`
    update consents r set revoked_at = (select max(w.revoked_at) from consents w where ${sql.raw(withdrew("w", "r"))})
    where r.id = any(${values.map((row) => row.id)}::uuid[]) and exists (select from consents w where ${sql.raw(withdrew("w", "r"))})
    returning r.id`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** References are one and the same when only case, blanks and punctuation differ. */
function plainReference(of: string): string {
  return `lower(regexp_replace(${of}.reference, '[^[:alnum:]]', '', 'g'))`;
}

/** The withdrawal in the row `w` of `consents` took back the consent `r`: it came no earlier, and is not about another reference alone. */
function withdrew(w: string, r: string): string {
  return `${w}.account_id = ${r}.account_id and ${w}.number_key = ${r}.number_key and ${w}.basis = ${r}.basis and ${w}.revoked_at >= ${r}.given_at
    and (${w}.withdrawn_whole or ${w}.reference is null or ${r}.reference is null or ${plainReference(w)} = ${plainReference(r)})`;
}

/** Columns of `consent_rows`, where the rows of a file wait. A row without `given_at` only withdraws. */
export const consentColumns =
  'id uuid, number_key text collate "C", basis text, purpose text, reference text, registered_on_dlt boolean, given_at timestamptz, ends_at timestamptz, revoked_at timestamptz';

/**
 * Withdraws what the staged rows withdraw and puts the others on file, but none twice: what is there already with the same basis, instant,
 * end and reference is left alone.
 */
export async function mergeConsents(client: PoolClient, input: { accountId: AccountId; now: Date; ist: string }): Promise<{ recorded: number; already: number; withdrawn: number }> {
  await client.query("create index on consent_rows (number_key) where revoked_at is not null");
  const takenBack = await client.query<{ consents: number }>(
    `with gone as (
     update consents c set revoked_at = w.revoked_at, withdrawn_whole = w.whole
     from (select c.id, max(r.revoked_at) as revoked_at, bool_or(r.reference is null) as whole
           from consent_rows r join consents c on c.account_id = $1 and c.number_key = r.number_key
           where c.revoked_at is null and c.given_at <= r.revoked_at and ${sameAsStaged("c", "r")}
           group by c.id) w
     where w.id = c.id returning c.number_key, c.basis
     ), noted as (
     insert into evidence (account_id, number_key, at, ist, decision, code, body)
     select $1, number_key, $2, $3, 'noted', 'consent_withdrawn', jsonb_build_object('source', 'import', 'basis', basis, 'consents', count(*)) from gone group by number_key, basis
     )
     select count(*)::int as consents from gone`,
    [input.accountId, input.now, input.ist],
  );
  const { rows } = await client.query<{ staged: string; recorded: string; withdrawn: string }>(
    `with fresh as (
       select distinct on (number_key, basis, given_at, ends_at, lower(btrim(reference))) r.*, $1::uuid as account_id from consent_rows r
       where r.given_at is not null
         and not exists (select from consents c
                         where c.account_id = $1 and c.number_key = r.number_key and c.basis = r.basis and c.given_at = r.given_at
                           and c.ends_at is not distinct from r.ends_at and lower(btrim(c.reference)) is not distinct from lower(btrim(r.reference)))
       order by number_key, basis, given_at, ends_at, lower(btrim(reference)), revoked_at desc nulls last, registered_on_dlt desc, id
     ), judged as (
       select r.*, coalesce(r.revoked_at,
         (select max(w.revoked_at) from consents w where ${withdrew("w", "r")}),
         (select max(w.revoked_at) from consent_rows w where w.number_key = r.number_key and w.revoked_at >= r.given_at and ${sameAsStaged("r", "w")})) as gone_at
       from fresh r
     ), recorded as (
       insert into consents (id, account_id, number_key, basis, purpose, reference, registered_on_dlt, given_at, ends_at, revoked_at, created_at)
       select id, account_id, number_key, basis, purpose, reference, registered_on_dlt, given_at, ends_at, gone_at, $2 from judged returning revoked_at
     )
     select (select count(*) from consent_rows where given_at is not null) as staged, (select count(*) from recorded) as recorded, (select count(revoked_at) from recorded) as withdrawn`,
    [input.accountId, input.now],
  );
  const recorded = Number(rows[0]?.recorded ?? 0);
  return { recorded, already: Number(rows[0]?.staged ?? 0) - recorded, withdrawn: (takenBack.rows[0]?.consents ?? 0) + Number(rows[0]?.withdrawn ?? 0) };
}

/** The staged withdrawal `w` is about the consent `c`: of its basis or of every, of its reference or of none. */
function sameAsStaged(c: string, w: string): string {
  return `${w}.revoked_at is not null and (${w}.basis is null or ${w}.basis = ${c}.basis)
    and (${w}.reference is null or ${c}.reference is null or ${plainReference(w)} = ${plainReference(c)})`;
}

/** Withdraws the open consents of a number, of one basis or of all; answers how many there were. */
export async function revokeOpenConsents(db: Db, input: { accountId: AccountId; numberKey: NumberKey; basis: ConsentBasis | null; now: Date }): Promise<number> {
  let query = db
    .updateTable("consents")
    .set({ revoked_at: input.now, withdrawn_whole: true })
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
    .orderBy("id")
    .execute();
}
