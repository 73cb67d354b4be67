import type { Insertable } from "kysely";
import type { Db, Tx } from "../../db/database.ts";
import type { WebhookEndpointsTable } from "../../db/tables-webhook.ts";
import type { AccountId, WebhookEndpointId } from "../../domain/ids.ts";

export function insertEndpoint(db: Db, row: Omit<Insertable<WebhookEndpointsTable>, "state" | "disabled_because">) {
  return db
    .insertInto("webhook_endpoints")
    .values({ ...row, disabled_because: null })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function endpointsOf(db: Db, accountId: AccountId) {
  return db.selectFrom("webhook_endpoints").where("account_id", "=", accountId).where("deleted_at", "is", null).selectAll().orderBy("id").execute();
}

export function findEndpoint(db: Db, accountId: AccountId, endpointId: WebhookEndpointId) {
  return db
    .selectFrom("webhook_endpoints")
    .where("account_id", "=", accountId)
    .where("id", "=", endpointId)
    .where("deleted_at", "is", null)
    .selectAll()
    .executeTakeFirst();
}

export async function deleteEndpoint(tx: Tx, endpointId: WebhookEndpointId, now: Date): Promise<void> {
  await tx.updateTable("webhook_endpoints").set({ deleted_at: now }).where("id", "=", endpointId).execute();
  await giveUpDeliveries(tx, endpointId, "endpoint_deleted");
}

/**
 * Switches an endpoint off, then gives up what waits for it; a replay brings both back. With `failingBefore` only one that has
 * been failing since then: another try may have succeeded meanwhile. False when nothing was switched. Not in one
 * transaction, for the reason `recordTry` has.
 */
export async function disableEndpoint(db: Db, off: { id: WebhookEndpointId; because: string; failingBefore: Date | null }): Promise<boolean> {
  let query = db.updateTable("webhook_endpoints").set({ state: "disabled", disabled_because: off.because }).where("id", "=", off.id);
  if (off.failingBefore !== null) query = query.where("failing_since", "<=", off.failingBefore);
  if ((await query.executeTakeFirst()).numUpdatedRows === 0n) return false;
  await giveUpDeliveries(db, off.id, `endpoint_disabled: ${off.because}`);
  return true;
}

async function giveUpDeliveries(db: Db, endpointId: WebhookEndpointId, because: string): Promise<void> {
  await db
    .updateTable("webhook_deliveries")
    .set({ state: "failed", next_try_at: null, lease_until: null, last_error: because })
    .where("endpoint_id", "=", endpointId)
    .where("state", "=", "waiting")
    .execute();
}
