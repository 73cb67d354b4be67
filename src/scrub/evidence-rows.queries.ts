import type { DateTime } from "luxon";
import type { Db } from "../db/database.ts";
import type { AccountId, AttemptId, CampaignId, ContactId } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";

/** Something that closes a number and is no gate decision: an opt-out, a hold. */
export interface LegalEvent {
  accountId: AccountId;
  campaignId: CampaignId | null;
  contactId: ContactId | null;
  attemptId: AttemptId | null;
  numberKey: NumberKey;
  at: DateTime<true>;
  code: string;
  /** In wire names, without anything personal. */
  body: Record<string, unknown>;
}

/** Writes the event among the evidence, so that the answer to "why was this number not called again?" stands in one place. */
export async function writeLegalEvent(db: Db, event: LegalEvent): Promise<void> {
  await db
    .insertInto("evidence")
    .values({
      account_id: event.accountId,
      campaign_id: event.campaignId,
      contact_id: event.contactId,
      attempt_id: event.attemptId,
      number_key: event.numberKey,
      at: event.at.toJSDate(),
      ist: event.at.toISO(),
      decision: "never",
      code: event.code,
      caller_number: null,
      body: JSON.stringify(event.body),
    })
    .execute();
}
