import { sql } from "kysely";
import type { Tx } from "../db/database.ts";
import type { AttemptState } from "../domain/attempt.ts";
import type { AccountId, AttemptId, CallSid, CampaignId, ContactId } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";

/** The attempt as the fold needs it, locked until the transaction ends. */
export interface FoldRow {
  id: AttemptId;
  token: string;
  account_id: AccountId;
  campaign_id: CampaignId;
  contact_id: ContactId;
  number_key: NumberKey;
  state: AttemptState;
  call_sid: CallSid | null;
  fold: unknown;
  revision: number;
  settled_at: Date | null;
  ring_seconds: number;
}

/** Locks the attempts of these tokens, in one order for everybody, waiting for whoever holds them; a token without an attempt is left out. */
export async function lockByTokens(tx: Tx, tokens: readonly string[]): Promise<FoldRow[]> {
  const { rows } = await sql<FoldRow>`
    /* prepared: fold_rows */
    select a.id, a.token, a.account_id, a.campaign_id, a.contact_id, a.number_key, a.state, a.call_sid, a.fold, a.revision, a.settled_at,
      coalesce((p.definition -> 'limits' ->> 'ring_seconds')::int, 30) as ring_seconds
    from attempts a join campaigns p on p.id = a.campaign_id
    where a.token = any(${[...tokens]}::text[])
    order by a.id
    for no key update of a`.execute(tx);
  return rows;
}

/**
 * Whether the row may enter an open state again: neither its number nor its contact is taken by a later attempt.
 * Only a row that was `closed_unknown` has to ask.
 */
export async function mayReopen(tx: Tx, row: FoldRow): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select exists (
      select 1 from attempts o
      where o.id <> ${row.id} and (
        (o.number_key = ${row.number_key} and o.state in ('claimed', 'sending', 'ambiguous', 'held', 'dialed', 'ringing', 'in_progress'))
        or (o.contact_id = ${row.contact_id} and o.state not in ('ended', 'rejected', 'refused', 'closed_unknown')))) as taken`.execute(tx);
  return rows[0]?.taken === false;
}
