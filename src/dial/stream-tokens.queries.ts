import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { AccountId, AttemptId } from "../domain/ids.ts";

/** A token as it is stored: its keyed hash, and what it opens. */
export interface StoredToken {
  tokenHash: string;
  attemptId: AttemptId;
  accountId: AccountId;
  expiresAt: Date;
}

/** Stores tokens. `forgetEarlier` drops these attempts' other tokens in the same statement. */
export async function storeStreamTokens(db: Db, tokens: readonly StoredToken[], options: { forgetEarlier: boolean }): Promise<void> {
  const attemptIds = tokens.map((token) => token.attemptId);
  await sql`
    /* prepared: stream_tokens */
    with earlier as (delete from stream_tokens where attempt_id = any(${attemptIds}::uuid[]) and ${options.forgetEarlier}::boolean)
    insert into stream_tokens (token_hash, attempt_id, account_id, expires_at)
    select * from unnest(${tokens.map((token) => token.tokenHash)}::text[], ${attemptIds}::uuid[], ${tokens.map((token) => token.accountId)}::uuid[],
                         ${tokens.map((token) => token.expiresAt)}::timestamptz[])`.execute(db);
}

/** Marks a token used, once; undefined when there is none that is unused and unexpired at `now`. */
export function spendStreamToken(db: Db, input: { tokenHash: string; now: Date }): Promise<{ attempt_id: AttemptId; account_id: AccountId } | undefined> {
  return db
    .updateTable("stream_tokens")
    .set({ used_at: input.now })
    .where("token_hash", "=", input.tokenHash)
    .where("used_at", "is", null)
    .where("expires_at", ">", input.now)
    .returning(["attempt_id", "account_id"])
    .executeTakeFirst();
}

/** Forgets tokens that nobody can use any more. */
export async function dropOldStreamTokens(db: Db, before: Date): Promise<void> {
  await sql`delete from stream_tokens where expires_at < ${before}`.execute(db);
}
