import type { Db } from "../../db/database.ts";
import type { Clock } from "../../domain/clock.ts";
import { Refusal } from "../../domain/errors.ts";
import { type AccountId, type ApiKeyId, looksLikeId, newId } from "../../domain/ids.ts";
import { istText, istTextOrNull } from "../../domain/ist-text.ts";
import { cutPage, type Page, type PageAsked } from "../../domain/page.ts";
import type { Random } from "../../domain/random.ts";
import { newApiKey, secretHash } from "./api-key-format.ts";
import { type ApiKeyRow, apiKeysOf, insertApiKey, revokeApiKeyRow } from "./api-keys.queries.ts";
import type { Caller } from "./authenticate.ts";
import type { Scope } from "./scopes.ts";

export interface KeyDeps {
  db: Db;
  clock: Clock;
  random: Random;
}

/** A key as the operator API shows it; the key itself is shown once, when it is made. */
export interface ApiKeyView {
  id: ApiKeyId;
  name: string;
  scopes: string[];
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  revoked_at: string | null;
}

/** Makes a key for the caller's account. A key can only hand out scopes it has itself: refuses 403 `scope_not_held`. */
export async function createApiKey(
  deps: KeyDeps,
  input: { caller: Caller; name: string; scopes: readonly Scope[]; expiresAt: Date | null },
): Promise<ApiKeyView & { key: string }> {
  const beyond = input.scopes.filter((scope) => !input.caller.scopes.has(scope));
  if (beyond.length > 0) throw new Refusal(403, "scope_not_held", `expected only scopes that the calling key has, got ${beyond.join(", ")}`);
  const now = new Date(deps.clock.nowMs());
  if (input.expiresAt && input.expiresAt <= now) throw new Refusal(422, "already_expired", "expected expires_at in the future", { path: "expires_at" });
  const made = newApiKey(deps.random);
  const row = await insertApiKey(deps.db, {
    id: newId<ApiKeyId>(deps.clock, deps.random),
    accountId: input.caller.accountId,
    name: input.name,
    keyId: made.keyId,
    secretHash: secretHash(made.secret),
    scopes: input.scopes,
    now,
    expiresAt: input.expiresAt,
  });
  return { ...apiKeyView(row), key: made.key };
}

/** The account's keys, newest first, without their secrets. */
export async function listApiKeys(deps: { db: Db }, input: PageAsked & { accountId: AccountId }): Promise<Page<ApiKeyView>> {
  const rows = await apiKeysOf(deps.db, { accountId: input.accountId, before: (input.cursor ?? null) as ApiKeyId | null, limit: input.limit + 1 });
  return cutPage(rows, input.limit, apiKeyView);
}

/** Ends a key at once. Refuses 404 `api_key_not_found`. */
export async function revokeApiKey(deps: KeyDeps, input: { accountId: AccountId; id: ApiKeyId }): Promise<void> {
  const revoked = looksLikeId(input.id) && (await revokeApiKeyRow(deps.db, { ...input, now: new Date(deps.clock.nowMs()) }));
  if (!revoked) throw new Refusal(404, "api_key_not_found", "expected the id of an API key of this account");
}

function apiKeyView(row: ApiKeyRow): ApiKeyView {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    created_at: istText(row.created_at),
    expires_at: istTextOrNull(row.expires_at),
    last_used_at: istTextOrNull(row.last_used_at),
    revoked_at: istTextOrNull(row.revoked_at),
  };
}
