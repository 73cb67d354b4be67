import type { Db } from "../db/database.ts";
import type { AccountId, AttemptId } from "../domain/ids.ts";
import type { DialDeps } from "./ports.ts";
import { spendStreamToken, type StoredToken, storeStreamTokens } from "./stream-tokens.queries.ts";

/** Life of a token given to a call that is already answered. */
export const answeredTokenLifeMs = 60_000;

/** A one-time token for the media stream, and what of it is stored: only its keyed hash. */
export function newStreamToken(
  deps: Pick<DialDeps, "clock" | "random" | "vault">,
  input: { attemptId: AttemptId; accountId: AccountId; lifeMs: number },
): { token: string; stored: StoredToken } {
  const token = Buffer.from(deps.random.bytes(24)).toString("base64url");
  const { attemptId, accountId } = input;
  return { token, stored: { tokenHash: deps.vault.textKey("stream_token", token), attemptId, accountId, expiresAt: new Date(deps.clock.nowMs() + input.lifeMs) } };
}

/** Makes a further token for a call that is under way. */
export async function issueStreamToken(
  db: Db,
  deps: Pick<DialDeps, "clock" | "random" | "vault">,
  input: { attemptId: AttemptId; accountId: AccountId; lifeMs: number },
): Promise<string> {
  const { token, stored } = newStreamToken(deps, input);
  await storeStreamTokens(db, [stored], { forgetEarlier: false });
  return token;
}

/** Uses a token up; undefined when it was never issued, has expired or was used. Of any number of uses at once exactly one wins. */
export async function useStreamToken(db: Db, deps: Pick<DialDeps, "clock" | "vault">, token: string): Promise<{ attempt_id: AttemptId; account_id: AccountId } | undefined> {
  return spendStreamToken(db, { tokenHash: deps.vault.textKey("stream_token", token), now: new Date(deps.clock.nowMs()) });
}
