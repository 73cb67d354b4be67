import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { HoldFacts } from "../rules/facts.ts";
import type { AccountId } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";

export type HoldKind = HoldFacts["kind"];

export interface NewHold {
  id: string;
  accountId: AccountId;
  numberKey: NumberKey;
  kind: HoldKind;
  detail: Record<string, unknown>;
  startsAt: Date;
  endsAt: Date | null;
  now: Date;
}

export interface HoldRow {
  id: string;
  kind: HoldKind;
  detail: unknown;
  starts_at: Date;
  ends_at: Date | null;
  number_key: NumberKey;
}

/** Writes a hold unless the same attempt already led to one of its kind; false when it did. */
export async function insertHold(db: Db, hold: NewHold): Promise<boolean> {
  const attempt = typeof hold.detail["attempt_id"] === "string" ? hold.detail["attempt_id"] : null;
  const result = await sql`
    insert into contact_holds (id, account_id, number_key, kind, detail, starts_at, ends_at, created_at)
    select ${hold.id}, ${hold.accountId}, ${hold.numberKey}, ${hold.kind}, ${JSON.stringify(hold.detail)}::jsonb, ${hold.startsAt}, ${hold.endsAt}, ${hold.now}
    where ${attempt}::text is null or not exists (
      select from contact_holds h
      where h.account_id = ${hold.accountId} and h.number_key = ${hold.numberKey} and h.kind = ${hold.kind} and h.detail ->> 'attempt_id' = ${attempt})`.execute(db);
  return (result.numAffectedRows ?? 0n) > 0n;
}

/** Ends an open hold of the account; answers the row as it was, undefined when there is no open one. */
export async function endOpenHold(db: Db, input: { accountId: AccountId; id: string; now: Date }): Promise<HoldRow | undefined> {
  const { rows } = await sql<HoldRow>`
    update contact_holds set ends_at = ${input.now}
    where id = ${input.id} and account_id = ${input.accountId} and (ends_at is null or ends_at > ${input.now})
    returning id, kind, detail, starts_at, ends_at, number_key`.execute(db);
  return rows[0];
}

export async function selectHolds(db: Db, input: { accountId: AccountId; numberKey: NumberKey }): Promise<HoldRow[]> {
  return db
    .selectFrom("contact_holds")
    .select(["id", "kind", "detail", "starts_at", "ends_at", "number_key"])
    .where("account_id", "=", input.accountId)
    .where("number_key", "=", input.numberKey)
    .orderBy("starts_at", "desc")
    .orderBy("id")
    .execute();
}

/** Why a contact is blocked that such a hold keeps back: a wish about hours may leave no time for a call at all. */
function blockedBy(kind: HoldKind): string[] {
  return kind === "hours" ? ["contact_hours", "no_opening"] : [`hold_${kind}`];
}

/** `held → waiting` and `blocked → waiting` for contacts that only the ended hold kept back, in unfinished campaigns. */
export async function freeHeld(db: Db, input: { accountId: AccountId; numberKey: NumberKey; kind: HoldKind; now: Date }): Promise<number> {
  const result = await sql`
    update contacts c set state = 'waiting', blocked_reason = null, waiting_because = null, next_attempt_at = greatest(c.not_before, ${input.now}), updated_at = ${input.now}
    from campaigns p
    where p.id = c.campaign_id and p.state in ('draft', 'running', 'paused') and c.account_id = ${input.accountId} and c.number_key = ${input.numberKey}
      and (c.state = 'held' or (c.state = 'blocked' and c.blocked_reason = any(${blockedBy(input.kind)}::text[])))
      and c.erased_at is null and c.number_sealed is not null
      and not exists (select from contact_holds h
                      where h.account_id = c.account_id and h.number_key = c.number_key and h.kind <> 'hours' and (h.ends_at is null or h.ends_at > ${input.now}))`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}
