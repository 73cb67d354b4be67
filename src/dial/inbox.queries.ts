import { sql } from "kysely";
import type { Db, Tx } from "../db/database.ts";
import type { CallFact } from "../domain/call-fact.ts";
import type { AttemptId, CallSid } from "../domain/ids.ts";
import { factKey } from "./fact-key.ts";

/** A fact together with the token of the address it came in on. */
export interface TokenFact {
  token: string;
  fact: CallFact;
}

/** Stores facts; one that is stored already costs nothing. */
export async function storeFacts(db: Db, facts: readonly TokenFact[], now: Date): Promise<void> {
  if (facts.length === 0) return;
  await db
    .insertInto("webhook_inbox")
    .values(
      facts.map(({ token, fact }) => ({
        token,
        call_sid: fact.callSid as CallSid,
        dedupe_key: factKey(token, fact),
        fact: JSON.stringify(fact),
        received_at: now,
      })),
    )
    .onConflict((conflict) => conflict.column("dedupe_key").doNothing())
    .execute();
}

/** The facts of these tokens that nobody has folded and that are not set aside, oldest first. Called under the attempts' locks, so none is folded twice at once. */
export async function unfoldedFacts(tx: Tx, tokens: readonly string[]): Promise<{ id: number; token: string; fact: CallFact }[]> {
  const { rows } = await sql<{ id: number; token: string; fact: CallFact }>`
    /* prepared: unfolded_facts */
    select id, token, fact from webhook_inbox where token = any(${[...tokens]}::text[]) and folded_at is null and parked_at is null order by id`.execute(tx);
  return rows;
}

/** Facts that are folded now. `attemptId` null: the token belongs to no attempt of this deployment. */
export async function markFolded(tx: Tx, facts: readonly { id: number; attemptId: AttemptId | null }[], now: Date): Promise<void> {
  if (facts.length === 0) return;
  await sql`
    /* prepared: mark_folded */
    update webhook_inbox set folded_at = ${now}, attempt_id = folded.attempt_id
    from unnest(${facts.map((fact) => fact.id)}::bigint[], ${facts.map((fact) => fact.attemptId)}::uuid[]) as folded (id, attempt_id)
    where webhook_inbox.id = folded.id`.execute(tx);
}

/** Tokens whose facts have waited since before the instant, because their folding was lost with a process or failed, and whose next try is due at `now`. */
export async function tokensWaiting(db: Db, input: { before: Date; now: Date; limit: number }): Promise<string[]> {
  const { rows } = await sql<{ token: string }>`
    select token from webhook_inbox
    where folded_at is null and parked_at is null and token is not null and received_at < ${input.before}
      and (retry_at is null or retry_at <= ${input.now})
    group by token order by min(id) limit ${input.limit}`.execute(db);
  return rows.map((row) => row.token);
}

/** Forgets facts that were folded before the instant, the oldest first, in pieces that hold no lock for long. */
export async function dropFoldedFacts(db: Db, before: Date, pieceRows = 5_000): Promise<void> {
  for (;;) {
    const dropped = await sql`
      delete from webhook_inbox where id in (select id from webhook_inbox where folded_at < ${before} order by folded_at limit ${pieceRows})`.execute(db);
    if (Number(dropped.numAffectedRows ?? 0) < pieceRows) return;
  }
}
