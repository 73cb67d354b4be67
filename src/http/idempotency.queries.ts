import type { Selectable } from "kysely";
import type { Db } from "../db/database.ts";
import type { IdempotencyKeysTable } from "../db/tables-account.ts";
import type { AccountId } from "../domain/ids.ts";

export type IdempotencyRow = Selectable<IdempotencyKeysTable>;

export interface KeyOfRequest {
  accountId: AccountId;
  key: string;
}

/** A key that one request holds; another that took it over holds it until another instant. */
export interface HeldKey extends KeyOfRequest {
  heldUntil: Date;
}

/** Takes the key for this request; false when it is taken already. */
export async function takeKey(db: Db, taken: HeldKey & { route: string; now: Date }): Promise<boolean> {
  const result = await db
    .insertInto("idempotency_keys")
    .values({ account_id: taken.accountId, key: taken.key, route: taken.route, created_at: taken.now, held_until: taken.heldUntil })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function findKey(db: Db, wanted: KeyOfRequest): Promise<IdempotencyRow | undefined> {
  return db.selectFrom("idempotency_keys").selectAll().where("account_id", "=", wanted.accountId).where("key", "=", wanted.key).executeTakeFirst();
}

/** Takes over a key whose holder died, or one that is too old; a compare-and-set on what was seen. */
export async function retakeKey(db: Db, seen: IdempotencyRow, taken: { route: string; now: Date; heldUntil: Date }): Promise<boolean> {
  const result = await db
    .updateTable("idempotency_keys")
    .set({ route: taken.route, request_hash: null, status: null, content_type: null, body_sealed: null, created_at: taken.now, held_until: taken.heldUntil })
    .where("account_id", "=", seen.account_id)
    .where("key", "=", seen.key)
    .where("created_at", "=", seen.created_at)
    .where("held_until", "=", seen.held_until)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Keeps the answer, unless the key has been taken over meanwhile. */
export async function keepAnswer(
  db: Db,
  answered: HeldKey & { requestHash: string; status: number; contentType: string; bodySealed: Buffer },
): Promise<void> {
  await db
    .updateTable("idempotency_keys")
    .set({ request_hash: answered.requestHash, status: answered.status, content_type: answered.contentType, body_sealed: answered.bodySealed })
    .where("account_id", "=", answered.accountId)
    .where("key", "=", answered.key)
    .where("held_until", "=", answered.heldUntil)
    .execute();
}

/** Lets go of the key, unless it has been taken over meanwhile. */
export async function releaseKey(db: Db, released: HeldKey): Promise<void> {
  await db
    .deleteFrom("idempotency_keys")
    .where("account_id", "=", released.accountId)
    .where("key", "=", released.key)
    .where("held_until", "=", released.heldUntil)
    .where("status", "is", null)
    .execute();
}

/** Forgets keys older than the given instant; answers how many. */
export async function deleteOldKeys(db: Db, before: Date): Promise<number> {
  const result = await db.deleteFrom("idempotency_keys").where("created_at", "<", before).executeTakeFirst();
  return Number(result.numDeletedRows);
}
