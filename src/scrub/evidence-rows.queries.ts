import type { DateTime } from "luxon";
import type { Db } from "../db/database.ts";
import type { AccountId, AttemptId, CampaignId, ContactId } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";

/** Something that bears on whether a number may be called and is no decision of the gate: an opt-out, a hold, a consent. */
export interface LegalEvent {
  accountId: AccountId;
  campaignId: CampaignId | null;
  contactId: ContactId | null;
  attemptId: AttemptId | null;
  numberKey: NumberKey;
  at: DateTime<true>;
  /** "never": it closes the number. "noted": it opens it again, or only changes what later decisions rest on. */
  decision: "never" | "noted";
  code: string;
  /** In wire names, without anything personal. */
  body: Record<string, unknown>;
}

/** Writes the events among the evidence, so that the answer to "why was this number called, or not?" stands in one place. */
export async function writeLegalEvents(db: Db, events: readonly LegalEvent[]): Promise<void> {
  if (events.length === 0) return;
  await db
    .insertInto("evidence")
    .values(
      events.map((event) => ({
        account_id: event.accountId,
        campaign_id: event.campaignId,
        contact_id: event.contactId,
        attempt_id: event.attemptId,
        number_key: event.numberKey,
        at: event.at.toJSDate(),
        ist: event.at.toISO(),
        decision: event.decision,
        code: event.code,
        caller_number: null,
        body: JSON.stringify(event.body),
      })),
    )
    .execute();
}

/** An event about a number in the whole account, whichever campaign. */
export function numberEvent(event: Omit<LegalEvent, "campaignId" | "contactId" | "attemptId">): LegalEvent {
  return { campaignId: null, contactId: null, attemptId: null, ...event };
}
