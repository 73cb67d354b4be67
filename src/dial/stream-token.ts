import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { AccountId, AttemptId } from "../domain/ids.ts";
import type { DialDeps } from "./ports.ts";

/** Life of a token given to a call that is already answered. */
export const answeredTokenLifeMs = 60_000;

/** Makes a one-time token for the media stream; only its keyed hash is stored. */
export async function issueStreamToken(
  db: Db,
  deps: Pick<DialDeps, "clock" | "random" | "vault">,
  input: { attemptId: AttemptId; accountId: AccountId; lifeMs: number },
): Promise<string> {
  const token = Buffer.from(deps.random.bytes(24)).toString("base64url");
  await db
    .insertInto("stream_tokens")
    .values({
      token_hash: deps.vault.textKey("stream_token", token),
      attempt_id: input.attemptId,
      account_id: input.accountId,
      expires_at: new Date(deps.clock.nowMs() + input.lifeMs),
    })
    .execute();
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
