import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { AccountId, AttemptId } from "../domain/ids.ts";
import type { DialDeps } from "./ports.ts";

/** Life of a token given to a call that is already answered. */
export const answeredTokenLifeMs = 60_000;

/**
 * Makes a one-time token for the media stream; only its keyed hash is stored. `first: true` forgets tokens of an earlier
 * claim of the attempt, of which nothing was sent.
 */
export async function issueStreamToken(
  db: Db,
  deps: Pick<DialDeps, "clock" | "random" | "vault">,
  input: { attemptId: AttemptId; accountId: AccountId; lifeMs: number; first?: boolean },
): Promise<string> {
  const token = Buffer.from(deps.random.bytes(24)).toString("base64url");
  const expiresAt = new Date(deps.clock.nowMs() + input.lifeMs);
  await sql`
    with earlier as (delete from stream_tokens where attempt_id = ${input.attemptId} and ${input.first === true}::boolean)
    insert into stream_tokens (token_hash, attempt_id, account_id, expires_at)
    values (${deps.vault.textKey("stream_token", token)}, ${input.attemptId}, ${input.accountId}, ${expiresAt})`.execute(db);
  return token;
}

/** Uses a token up; undefined when it was never issued, has expired or was used. Of any number of uses at once exactly one wins. */
export async function useStreamToken(db: Db, deps: Pick<DialDeps, "clock" | "vault">, token: string): Promise<{ attempt_id: AttemptId; account_id: AccountId } | undefined> {
  const now = new Date(deps.clock.nowMs());
  return db
    .updateTable("stream_tokens")
    .set({ used_at: now })
    .where("token_hash", "=", deps.vault.textKey("stream_token", token))
    .where("used_at", "is", null)
    .where("expires_at", ">", now)
    .returning(["attempt_id", "account_id"])
    .executeTakeFirst();
}

/** Forgets tokens that nobody can use any more. */
export async function dropOldStreamTokens(db: Db, before: Date): Promise<void> {
  await sql`delete from stream_tokens where expires_at < ${before}`.execute(db);
}
