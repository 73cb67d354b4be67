import type { Selectable } from "kysely";
import type { Db } from "../../db/database.ts";
import type { ApiKeysTable } from "../../db/tables-account.ts";
import type { AccountId, ApiKeyId } from "../../domain/ids.ts";

export type ApiKeyRow = Selectable<ApiKeysTable>;

export async function apiKeyByKeyId(db: Db, keyId: string): Promise<ApiKeyRow | undefined> {
  return db.selectFrom("api_keys").selectAll().where("key_id", "=", keyId).executeTakeFirst();
}

export async function touchApiKey(db: Db, id: ApiKeyId, now: Date): Promise<void> {
  await db.updateTable("api_keys").set({ last_used_at: now }).where("id", "=", id).execute();
}

export async function insertApiKey(
  db: Db,
  key: { id: ApiKeyId; accountId: AccountId; name: string; keyId: string; secretHash: string; scopes: readonly string[]; now: Date; expiresAt: Date | null },
): Promise<ApiKeyRow> {
  return db
    .insertInto("api_keys")
    .values({
      id: key.id,
      account_id: key.accountId,
      name: key.name,
      key_id: key.keyId,
      secret_hash: key.secretHash,
      scopes: [...key.scopes],
      created_at: key.now,
      expires_at: key.expiresAt,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The account's keys, newest first. */
export async function apiKeysOf(db: Db, page: { accountId: AccountId; before: ApiKeyId | null; limit: number }): Promise<ApiKeyRow[]> {
  let query = db.selectFrom("api_keys").selectAll().where("account_id", "=", page.accountId).orderBy("id", "desc").limit(page.limit);
  if (page.before) query = query.where("id", "<", page.before);
  return query.execute();
}

/** Ends a key at once; false when the account has none of that id. Revoking twice changes nothing. */
export async function revokeApiKeyRow(db: Db, key: { accountId: AccountId; id: ApiKeyId; now: Date }): Promise<boolean> {
  const result = await db
    .updateTable("api_keys")
    .set((row) => ({ revoked_at: row.fn.coalesce("revoked_at", row.val(key.now)) }))
    .where("id", "=", key.id)
    .where("account_id", "=", key.accountId)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
