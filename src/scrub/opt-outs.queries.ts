import type { Db } from "../db/database.ts";
import type { DefinitionSource } from "../domain/definition.ts";
import type { AccountId, AttemptId, CampaignId, ContactId } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";

/** The person on the other end of an attempt. */
export interface CalledPerson {
  accountId: AccountId;
  campaignId: CampaignId;
  contactId: ContactId;
  numberKey: NumberKey;
  /** Null after an erasure. */
  numberSealed: Buffer | null;
  purpose: DefinitionSource["purpose"];
}

/** Whom the attempt called, within the account; undefined when it has no such attempt. */
export async function personOf(db: Db, input: { accountId: AccountId; attemptId: AttemptId }): Promise<CalledPerson | undefined> {
  const row = await db
    .selectFrom("attempts as a")
    .innerJoin("contacts as c", "c.id", "a.contact_id")
    .innerJoin("campaigns as p", "p.id", "a.campaign_id")
    .select(["a.account_id", "a.campaign_id", "a.contact_id", "a.number_key", "c.number_sealed", "p.definition"])
    .where("a.id", "=", input.attemptId)
    .where("a.account_id", "=", input.accountId)
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    accountId: row.account_id,
    campaignId: row.campaign_id,
    contactId: row.contact_id,
    numberKey: row.number_key,
    numberSealed: row.number_sealed,
    purpose: row.definition.purpose,
  };
}
