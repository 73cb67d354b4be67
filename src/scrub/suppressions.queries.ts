import { sql } from "kysely";
import type { PoolClient } from "pg";
import type { Db } from "../db/database.ts";
import type { AccountId, AttemptId } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";

export interface NewSuppression {
  id: string;
  numberKey: NumberKey;
  numberSealed: Buffer | null;
}

export interface SuppressionRow {
  id: string;
  number_sealed: Buffer | null;
  number_key: NumberKey;
  reason: string;
  source: string;
  created_at: Date;
}

/** Suppresses numbers for the account; answers the keys that were not suppressed before. */
export async function insertSuppressions(
  db: Db,
  input: { accountId: AccountId; suppressions: readonly NewSuppression[]; reason: string; source: string; now: Date },
): Promise<NumberKey[]> {
  if (input.suppressions.length === 0) return [];
  const { rows } = await sql<{ number_key: NumberKey }>`
    insert into suppressions (id, account_id, number_key, number_sealed, reason, source, created_at)
    values ${sql.join(
      input.suppressions.map((row) => sql`(${row.id}, ${input.accountId}, ${row.numberKey}, ${row.numberSealed}, ${input.reason}, ${input.source}, ${input.now})`),
    )}
    on conflict (account_id, number_key) where lifted_at is null do nothing
    returning number_key`.execute(db);
  return rows.map((row) => row.number_key);
}

/**
 * Remembers that a person said no on a call although the number was on the list for another reason: a row that closes nothing
 * and keeps the 90 days, and the sender's brake, should the other reason be lifted. False when the same call said so before.
 */
export async function noteRefusal(db: Db, input: { id: string; accountId: AccountId; numberKey: NumberKey; attemptId: AttemptId; reason: string; source: string; now: Date }): Promise<boolean> {
  const result = await sql`
    insert into suppressions (id, account_id, number_key, number_sealed, reason, source, created_at, lifted_at)
    select ${input.id}, ${input.accountId}, ${input.numberKey}, null, ${input.reason}, ${input.source}, ${input.now}, ${input.now}
    where not exists (
      select from suppressions s
      where s.account_id = ${input.accountId} and s.number_key = ${input.numberKey} and s.source in ('call', 'promotional_call', 'keypad')
        and s.created_at >= (select coalesce(a.answered_at, a.sent_at, a.planned_at) from attempts a where a.id = ${input.attemptId}))`.execute(db);
  return (result.numAffectedRows ?? 0n) > 0n;
}

/** Lifts the account's own suppression; false when there is none. */
export async function liftOwnSuppression(db: Db, input: { accountId: AccountId; numberKey: NumberKey; now: Date }): Promise<boolean> {
  const result = await db
    .updateTable("suppressions")
    .set({ lifted_at: input.now })
    .where("account_id", "=", input.accountId)
    .where("number_key", "=", input.numberKey)
    .where("lifted_at", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Whether the platform's own list holds the number. */
export async function isOnPlatformList(db: Db, numberKey: NumberKey): Promise<boolean> {
  const row = await db.selectFrom("suppressions").select("id").where("account_id", "is", null).where("number_key", "=", numberKey).where("lifted_at", "is", null).executeTakeFirst();
  return row !== undefined;
}

/** What keeps a number from being called by the account: its own suppression, or else the platform's. */
export async function activeSuppression(db: Db, input: { accountId: AccountId; numberKey: NumberKey }): Promise<(SuppressionRow & { account_id: AccountId | null }) | undefined> {
  return db
    .selectFrom("suppressions")
    .select(["id", "account_id", "number_sealed", "number_key", "reason", "source", "created_at"])
    .where("number_key", "=", input.numberKey)
    .where("lifted_at", "is", null)
    .where((e) => e.or([e("account_id", "=", input.accountId), e("account_id", "is", null)]))
    .orderBy("account_id", (order) => order.asc().nullsLast())
    .limit(1)
    .executeTakeFirst();
}

/** The account's active suppressions, the newest first. `beforeId` continues after the last one seen. */
export async function selectSuppressions(
  db: Db,
  input: { accountId: AccountId; limit: number; beforeId: string | null; numberKey: NumberKey | null },
): Promise<SuppressionRow[]> {
  let query = db
    .selectFrom("suppressions")
    .select(["id", "number_sealed", "number_key", "reason", "source", "created_at"])
    .where("account_id", "=", input.accountId)
    .where("lifted_at", "is", null)
    .orderBy("id", "desc")
    .limit(input.limit);
  if (input.beforeId !== null) query = query.where("id", "<", input.beforeId);
  if (input.numberKey !== null) query = query.where("number_key", "=", input.numberKey);
  return query.execute();
}

/** Columns of `suppression_rows`, where rows of a do-not-call file wait until all of them are known. */
export const suppressionColumns = 'line int, id uuid, number_key text collate "C", number_sealed bytea, reason text';

/** Suppresses the staged numbers; answers how many are new and how many were suppressed already. */
export async function mergeSuppressions(client: PoolClient, input: { accountId: AccountId; source: string; now: Date }): Promise<{ added: number; already: number }> {
  const { rows } = await client.query<{ added: string; numbers: string }>(
    `with named as (
       select distinct on (number_key) id, number_key, number_sealed, reason from suppression_rows order by number_key, line
     ), added as (
       insert into suppressions (id, account_id, number_key, number_sealed, reason, source, created_at)
       select id, $1, number_key, number_sealed, reason, $2, $3 from named
       on conflict (account_id, number_key) where lifted_at is null do nothing
       returning 1
     )
     select (select count(*) from added) as added, (select count(*) from named) as numbers`,
    [input.accountId, input.source, input.now],
  );
  const added = Number(rows[0]?.added ?? 0);
  return { added, already: Number(rows[0]?.numbers ?? 0) - added };
}

/** Blocks the waiting contacts of the staged numbers, with evidence. */
export async function blockStagedNumbers(client: PoolClient, input: { accountId: AccountId; now: Date; ist: string; body: Record<string, unknown> }): Promise<number> {
  const { rowCount } = await client.query(
    `with blocked as (
       update contacts c set state = 'blocked', blocked_reason = 'suppressed', next_attempt_at = null, waiting_because = null, updated_at = $2
       from (select distinct number_key from suppression_rows) r
       where c.account_id = $1 and c.state = 'waiting' and c.number_key = r.number_key
       returning c.id, c.campaign_id, c.number_key
     )
     insert into evidence (account_id, campaign_id, contact_id, number_key, at, ist, decision, code, body)
     select $1, campaign_id, id, number_key, $2, $3, 'never', 'suppressed', $4::jsonb from blocked`,
    [input.accountId, input.now, input.ist, JSON.stringify(input.body)],
  );
  return rowCount ?? 0;
}
