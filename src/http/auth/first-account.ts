import { sql } from "kysely";
import type { Tx } from "../../db/database.ts";
import { type AccountId, type ApiKeyId, newId } from "../../domain/ids.ts";
import { istText } from "../../domain/ist-text.ts";
import type { Vault } from "../../domain/vault.ts";
import { newApiKey, readApiKey, secretHash } from "./api-key-format.ts";
import { apiKeyByKeyId, insertApiKey } from "./api-keys.queries.ts";
import type { KeyDeps } from "./manage-api-keys.ts";
import { scopes } from "./scopes.ts";

export interface FirstAccount {
  accountId: AccountId;
  /** The key made just now, to be shown once; null when there was one already or `API_KEY` names it. */
  newKey: string | null;
}

const bootstrapName = "bootstrap";

/**
 * Makes sure that there is an account with a key that opens everything. `apiKey` is `API_KEY`: it becomes the bootstrap key,
 * and a different one given before is revoked. Without it a key is made once, at the first start. Many processes may do this
 * at once. Throws when `apiKey` is too short or its checksum is wrong, when it is a key that was revoked (going back to it
 * would lock everybody out, or let in whoever it was taken from), and when `DATA_KEY` does not open the account.
 */
export async function ensureFirstAccount(deps: KeyDeps & { vault: Vault }, input: { apiKey: string | null }): Promise<FirstAccount> {
  const given = input.apiKey === null ? undefined : readApiKey(input.apiKey);
  if (input.apiKey !== null && !given) throw new Error("expected API_KEY to be a whole vd_live_… key or at least 20 characters of your own");
  const first = await deps.db.transaction().execute(async (tx): Promise<FirstAccount> => {
    await sql`select pg_advisory_xact_lock(hashtextextended('first account', 0))`.execute(tx);
    const now = new Date(deps.clock.nowMs());
    const accountId = await firstAccount(tx, deps, now);
    const known = given && (await apiKeyByKeyId(tx, given.keyId));
    if (known?.revoked_at) throw new Error(`expected API_KEY to be a key in force, but it was revoked on ${istText(known.revoked_at)}; choose another`);
    const base = { id: newId<ApiKeyId>(deps.clock, deps.random), accountId, name: bootstrapName, scopes, now, expiresAt: null };
    if (given) {
      await tx
        .updateTable("api_keys")
        .set({ revoked_at: now })
        .where("account_id", "=", accountId)
        .where("name", "=", bootstrapName)
        .where("key_id", "<>", given.keyId)
        .where("revoked_at", "is", null)
        .execute();
      if (!known) await insertApiKey(tx, { ...base, keyId: given.keyId, secretHash: secretHash(given.secret) });
      return { accountId, newKey: null };
    }
    const standing = await tx.selectFrom("api_keys").select("id").where("account_id", "=", accountId).where("revoked_at", "is", null).limit(1).executeTakeFirst();
    if (standing) return { accountId, newKey: null };
    const made = newApiKey(deps.random);
    await insertApiKey(tx, { ...base, keyId: made.keyId, secretHash: secretHash(made.secret) });
    return { accountId, newKey: made.key };
  });
  await requireOwnDataKey(deps.vault, first.accountId);
  return first;
}

/** Under another root key no number would be found again: neither to call it nor to see that it must not be called. */
async function requireOwnDataKey(vault: Vault, accountId: AccountId): Promise<void> {
  await vault.forAccount(accountId).catch((error: unknown) => {
    throw new Error("expected DATA_KEY to be the key this database was sealed with; nothing in it can be read under another", { cause: error });
  });
}

async function firstAccount(tx: Tx, deps: KeyDeps & { vault: Vault }, now: Date): Promise<AccountId> {
  const oldest = await tx.selectFrom("accounts").select("id").orderBy("created_at").orderBy("id").limit(1).executeTakeFirst();
  if (oldest) return oldest.id;
  const id = newId<AccountId>(deps.clock, deps.random);
  await tx
    .insertInto("accounts")
    .values({ id, name: "First account", data_key_sealed: deps.vault.newDataKey(id), created_at: now, stopped_because: null, day_cap_paise: null })
    .execute();
  return id;
}
