import { sql } from "kysely";
import { moveContact } from "../db/contact-state.ts";
import { withdrawPlannedAttempt } from "../db/attempt-state.ts";
import type { Db, Tx } from "../db/database.ts";
import { openStates } from "../domain/attempt.ts";
import type { AccountId, ContactId, Id } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";

/** Whose data, at which instant. */
export interface Person {
  accountId: AccountId;
  numberKey: NumberKey;
  now: Date;
}

/** The person in every campaign of the account, held against other changes until the end of the transaction. */
export async function lockContactsOf(tx: Tx, person: Person): Promise<ContactId[]> {
  const rows = await tx
    .selectFrom("contacts")
    .select("id")
    .where("account_id", "=", person.accountId)
    .where("number_key", "=", person.numberKey)
    .orderBy("id")
    .forUpdate()
    .execute();
  return rows.map((row) => row.id);
}

/** Keeps the number from ever being called again, without the number itself. */
export async function suppressErased(tx: Db, person: Person & { id: Id<"suppression"> }): Promise<void> {
  await tx
    .insertInto("suppressions")
    .values({ id: person.id, account_id: person.accountId, number_key: person.numberKey, number_sealed: null, reason: "erased", source: "erasure", created_at: person.now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  // A reason is free text and may name the person.
  await tx.updateTable("suppressions").set({ number_sealed: null, reason: "erased" }).where("account_id", "=", person.accountId).where("number_key", "=", person.numberKey).execute();
}

/** Takes back what is planned; contacts that could still be called become `blocked`. */
export async function stopCalling(tx: Tx, contactIds: readonly ContactId[], now: Date): Promise<void> {
  for (const id of contactIds) {
    await withdrawPlannedAttempt(tx, { contactId: id, refusalCode: "erased", now });
    await moveContact(tx, { id, from: ["waiting", "planned", "held"], to: "blocked", now, set: { blocked_reason: "erased", waiting_because: null, next_attempt_at: null } });
  }
}

/** Whether a call of the person is under way, or over and not yet written down: what it will write must be erased too. */
export async function hasCallUnderWay(tx: Tx, contactIds: readonly ContactId[]): Promise<boolean> {
  if (contactIds.length === 0) return false;
  const row = await tx
    .selectFrom("attempts")
    .select("id")
    .where("contact_id", "in", [...contactIds])
    .where((where) =>
      where.or([
        where("state", "in", ["planned", ...openStates]),
        where.and([where("state", "in", ["ended", "rejected", "closed_unknown"]), where("settled_at", "is", null)]),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Destroys every sealed value about the person; ids, instants, states and costs stay. Answers how much there was. */
export async function destroySealed(tx: Tx, person: Person, contactIds: readonly ContactId[]): Promise<{ conversations: number; rejectedRows: number }> {
  const ids = [...contactIds];
  const { accountId, numberKey, now } = person;
  await sql`
    update contacts set number_sealed = null, name_sealed = null, variables_sealed = null, external_id = null, erased_at = coalesce(erased_at, ${now}), updated_at = ${now}
    where id = any(${ids}::uuid[])`.execute(tx);
  const conversations = await sql`
    update conversations set fields_sealed = null, summary_sealed = null, turns_sealed = null, events_sealed = null
    where attempt_id in (select id from attempts where contact_id = any(${ids}::uuid[]))`.execute(tx);
  await sql`update outcomes set fields_sealed = null, summary_sealed = null where contact_id = any(${ids}::uuid[])`.execute(tx);
  await sql`
    update webhook_events set body_sealed = null, body = body - 'external_id'
    where account_id = ${accountId}
      and (subject_id = any(${ids}::uuid[]) or subject_id in (select id from attempts where contact_id = any(${ids}::uuid[])))`.execute(tx);
  const rejects = await sql`update import_rejects set original_sealed = null where account_id = ${accountId} and number_key = ${numberKey} and original_sealed is not null`.execute(tx);
  await sql`update contact_holds set detail = detail - 'note' where account_id = ${accountId} and number_key = ${numberKey}`.execute(tx);
  // Answers to uploads show values of refused rows and cannot be searched: all kept ones of the account go.
  await sql`delete from idempotency_keys where account_id = ${accountId} and status is not null and route like 'POST /v1/campaigns/%/contacts%'`.execute(tx);
  return {
    conversations: Number(conversations.numAffectedRows ?? 0n),
    rejectedRows: Number(rejects.numAffectedRows ?? 0n),
  };
}

/**
 * Asks for the deletion of what was recorded, at the carrier; answers how many calls that are. Also calls of which no
 * recording is known although it was agreed to or announced: its callback may be late or lost.
 */
export async function askForRecordingDeletions(tx: Tx, person: Person, contactIds: readonly ContactId[]): Promise<number> {
  const recorded = await sql<{ n: number }>`
    with recorded as (
      select id, account_id, call_sid, recording_sid from attempts
      where contact_id = any(${[...contactIds]}::uuid[]) and call_sid is not null
        and (recording_sid is not null or recording_consent in ('given', 'announced'))
    ), asked as (
      insert into recording_deletions (attempt_id, account_id, call_sid, recording_sid, asked_at, due_at)
      select id, account_id, call_sid, recording_sid, ${person.now}, ${person.now} from recorded
      on conflict (attempt_id) do nothing
    )
    select count(*)::int as n from recorded`.execute(tx);
  return recorded.rows[0]?.n ?? 0;
}
