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
