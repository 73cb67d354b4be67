import type { Db } from "../db/database.ts";
import type { AccountId, CampaignId, ContactId } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";
import type { ContactDraft } from "./check-row.ts";

export interface SingleCallRow {
  id: ContactId;
  accountId: AccountId;
  campaignId: CampaignId;
  numberKey: NumberKey;
  numberSealed: Buffer | null;
  nameSealed: Buffer | null;
  variablesSealed: Buffer | null;
  contact: ContactDraft;
  nextAttemptAt: Date;
  waitingBecause: string | null;
  now: Date;
  /** Stands for the request that asks for the call; null: nothing tells it from another like it. */
  requestKey: string | null;
}

/** Adds one call to the hidden campaign; false when the same request added one before, or one to the same number is still open there. */
export async function insertSingleCall(db: Db, row: SingleCallRow): Promise<boolean> {
  const result = await db
    .insertInto("contacts")
    .values({
      id: row.id,
      account_id: row.accountId,
      campaign_id: row.campaignId,
      number_key: row.numberKey,
      number_sealed: row.numberSealed,
      name_sealed: row.nameSealed,
      variables_sealed: row.variablesSealed,
      language: row.contact.language,
      external_id: row.contact.externalId,
      not_before: row.contact.notBeforeMs === null ? null : new Date(row.contact.notBeforeMs),
      not_after: row.contact.notAfterMs === null ? null : new Date(row.contact.notAfterMs),
      added_at: row.now,
      state: "waiting",
      next_attempt_at: row.nextAttemptAt,
      waiting_because: row.waitingBecause,
      updated_at: row.now,
      single_call: true,
      request_key: row.requestKey,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function openSingleCall(db: Db, call: { campaignId: CampaignId; numberKey: NumberKey }): Promise<ContactId | undefined> {
  const row = await db
    .selectFrom("contacts")
    .select("id")
    .where("campaign_id", "=", call.campaignId)
    .where("number_key", "=", call.numberKey)
    .where("single_call", "=", true)
    .where("state", "in", ["waiting", "planned"])
    .executeTakeFirst();
  return row?.id;
}

/** The call that the same request scheduled before. */
export async function callOfRequest(
  db: Db,
  request: { accountId: AccountId; requestKey: string },
): Promise<{ id: ContactId; campaign_id: CampaignId; number_key: NumberKey; next_attempt_at: Date | null; waiting_because: string | null; added_at: Date } | undefined> {
  return db
    .selectFrom("contacts")
    .where("account_id", "=", request.accountId)
    .where("request_key", "=", request.requestKey)
    .select(["id", "campaign_id", "number_key", "next_attempt_at", "waiting_because", "added_at"])
    .executeTakeFirst();
}

/** Lets another request have the key. */
export async function forgetRequest(db: Db, id: ContactId): Promise<void> {
  await db.updateTable("contacts").set({ request_key: null }).where("id", "=", id).execute();
}
