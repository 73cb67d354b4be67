import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { AccountId, AttemptId } from "../domain/ids.ts";

/** Stores the keyed hash of a token. `forgetEarlier` drops the attempt's other tokens in the same statement. */
export async function storeStreamToken(
  db: Db,
  input: { tokenHash: string; attemptId: AttemptId; accountId: AccountId; expiresAt: Date; forgetEarlier: boolean },
): Promise<void> {
  await sql`
    with earlier as (delete from stream_tokens where attempt_id = ${input.attemptId} and ${input.forgetEarlier}::boolean)
    insert into stream_tokens (token_hash, attempt_id, account_id, expires_at)
    values (${input.tokenHash}, ${input.attemptId}, ${input.accountId}, ${input.expiresAt})`.execute(db);
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
