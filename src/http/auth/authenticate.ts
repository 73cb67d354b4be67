import type { Db } from "../../db/database.ts";
import type { Clock } from "../../domain/clock.ts";
import { Refusal } from "../../domain/errors.ts";
import type { AccountId, ApiKeyId } from "../../domain/ids.ts";
import { readApiKey, secretMatches } from "./api-key-format.ts";
import { apiKeyByKeyId, touchApiKey } from "./api-keys.queries.ts";
import type { Scope } from "./scopes.ts";

/** On whose behalf a request comes. */
export interface Caller {
  accountId: AccountId;
  apiKeyId: ApiKeyId;
  scopes: ReadonlySet<string>;
}

/** `last_used_at` is written at most this often. */
const touchEveryMs = 60_000;

/** Who presents the key; refuses 401 `missing_key`, `invalid_key`, `expired_key` without saying which part was wrong. */
export async function authenticate(deps: { db: Db; clock: Clock }, authorization: string | undefined): Promise<Caller> {
  const presented = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (!presented) throw new Refusal(401, "missing_key", "expected an API key in the header Authorization: Bearer <key>");
  const parts = readApiKey(presented);
  const row = parts && (await apiKeyByKeyId(deps.db, parts.keyId));
  const matches = secretMatches(parts?.secret ?? presented, row?.secret_hash);
  if (!row || !matches || row.revoked_at) throw new Refusal(401, "invalid_key", "expected a valid API key");
  const nowMs = deps.clock.nowMs();
  if (row.expires_at && row.expires_at.getTime() <= nowMs) throw new Refusal(401, "expired_key", "the API key has expired; ask for a new one");
  if (!row.last_used_at || row.last_used_at.getTime() < nowMs - touchEveryMs) await touchApiKey(deps.db, row.id, new Date(nowMs));
  return { accountId: row.account_id, apiKeyId: row.id, scopes: new Set(row.scopes) };
}

/** Refuses 403 `missing_scope` when the key may not do this. */
export function requireScope(caller: Caller, scope: Scope): void {
  if (caller.scopes.has(scope)) return;
  throw new Refusal(403, "missing_scope", `expected a key with the scope ${scope}`, { extra: { scope } });
}
