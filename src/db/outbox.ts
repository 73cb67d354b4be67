import type { Clock } from "../domain/clock.ts";
import { type AccountId, type Id, newId } from "../domain/ids.ts";
import type { Random } from "../domain/random.ts";
import type { AccountVault } from "../domain/vault.ts";
import type { Tx } from "./database.ts";

/** What the outside may subscribe to. */
export const eventTypes = ["call.ended", "call.updated", "contact.done", "contact.opted_out", "campaign.finished"] as const;
export type EventType = (typeof eventTypes)[number];

export interface OutboxEvent {
  accountId: AccountId;
  type: EventType;
  /** The call, contact or campaign the event is about. */
  subjectId: string;
  /** Rises with every event about the same subject, so that a receiver can order them. */
  sequence: number;
  /** What may be stored in the clear: ids, states, instants, amounts of money spent. */
  body: Record<string, unknown>;
  /** Numbers, names and what was said; stored sealed, merged into the delivered body. */
  personal?: Record<string, unknown>;
}

/**
 * Writes an event for the account's webhook endpoints. It takes a transaction on purpose: the event exists exactly
 * when the fact it tells does.
 */
export async function addEvent(tx: Tx, deps: { clock: Clock; random: Random; vault: AccountVault }, event: OutboxEvent): Promise<void> {
  const id = newId<Id<"webhook_event">>(deps.clock, deps.random);
  await tx
    .insertInto("webhook_events")
    .values({
      id,
      account_id: event.accountId,
      type: event.type,
      subject_id: event.subjectId,
      sequence: event.sequence,
      body: JSON.stringify(event.body),
      body_sealed: event.personal ? deps.vault.seal("webhook_events.body", id, JSON.stringify(event.personal)) : null,
      occurred_at: new Date(deps.clock.nowMs()),
    })
    .execute();
}
