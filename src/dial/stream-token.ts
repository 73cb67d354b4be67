import type { Db } from "../db/database.ts";
import type { AccountId, AttemptId } from "../domain/ids.ts";
import type { DialDeps } from "./ports.ts";
import { spendStreamToken, storeStreamToken } from "./stream-tokens.queries.ts";

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
  await storeStreamToken(db, {
    tokenHash: deps.vault.textKey("stream_token", token),
    attemptId: input.attemptId,
    accountId: input.accountId,
    expiresAt: new Date(deps.clock.nowMs() + input.lifeMs),
    forgetEarlier: input.first === true,
  });
  return token;
}

/** Uses a token up; undefined when it was never issued, has expired or was used. Of any number of uses at once exactly one wins. */
export async function useStreamToken(db: Db, deps: Pick<DialDeps, "clock" | "vault">, token: string): Promise<{ attempt_id: AttemptId; account_id: AccountId } | undefined> {
  return spendStreamToken(db, { tokenHash: deps.vault.textKey("stream_token", token), now: new Date(deps.clock.nowMs()) });
}
