import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { AccountId } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";

/**
 * `waiting → blocked` for every contact of the account with one of these numbers, in every campaign, with a piece of
 * evidence each; answers how many. Contacts whose attempt is planned are met by the gate, which asks the list itself.
 */
export async function blockNumbers(
  db: Db,
  input: { accountId: AccountId; numberKeys: readonly NumberKey[]; code: string; now: Date; ist: string; body: Record<string, unknown> },
): Promise<number> {
  const result = await sql`
    with blocked as (
      update contacts c set state = 'blocked', blocked_reason = ${input.code}, next_attempt_at = null, waiting_because = null, updated_at = ${input.now}
      where c.account_id = ${input.accountId} and c.state = 'waiting' and c.number_key = any(${[...input.numberKeys]}::text[])
      returning c.id, c.campaign_id, c.number_key
    )
    insert into evidence (account_id, campaign_id, contact_id, number_key, at, ist, decision, code, body)
    select ${input.accountId}, campaign_id, id, number_key, ${input.now}, ${input.ist}, 'never', ${input.code}, ${JSON.stringify(input.body)}::jsonb from blocked`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}

/**
 * `blocked → waiting` for contacts of the account with these numbers, or with any, that were blocked for the given reasons and are not
 * erased; what else may stand in their way, the gate finds out.
 */
export async function freeNumbers(db: Db, input: { accountId: AccountId; numberKeys: readonly NumberKey[] | "all"; reasons: readonly string[]; now: Date }): Promise<number> {
  const ofNumbers = input.numberKeys === "all" ? sql`true` : sql`c.number_key = any(${[...input.numberKeys]}::text[])`;
  const result = await sql`
    update contacts c set state = 'waiting', blocked_reason = null, next_attempt_at = greatest(c.not_before, ${input.now}), waiting_because = null, updated_at = ${input.now}
    from campaigns p
    where p.id = c.campaign_id and p.state in ('draft', 'running', 'paused')
      and p.account_id = ${input.accountId} and c.account_id = ${input.accountId} and ${ofNumbers}
      and c.state = 'blocked' and c.blocked_reason = any(${[...input.reasons]}::text[]) and c.erased_at is null and c.number_sealed is not null`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}
