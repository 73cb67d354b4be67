import type { Db } from "../db/database.ts";
import type { Clock } from "../domain/clock.ts";
import { Refusal } from "../domain/errors.ts";
import type { AccountId } from "../domain/ids.ts";
import type { Vault } from "../domain/vault.ts";
import { deleteOldKeys, findKey, type HeldKey, type IdempotencyRow, keepAnswer, releaseKey, retakeKey, takeKey } from "./idempotency.queries.ts";

/** An answer as it was sent, byte for byte. */
export interface KeptAnswer {
  status: number;
  contentType: string;
  body: string;
}

/** Either this request holds the key and must settle it, or an earlier one was answered. */
export type IdempotentStart =
  | {
      kind: "first";
      /** Keeps the answer for 7 days, sealed: it may hold a number or a new key. */
      keep(answer: KeptAnswer, requestHash: string): Promise<void>;
      /** Lets go of the key, so that the request may be made again. */
      release(): Promise<void>;
    }
  | {
      kind: "answered";
      /** The earlier answer, once the body of this request is known to be the same; refuses 422 `idempotency_key_reused`. */
      replay(requestHash: string): Promise<KeptAnswer>;
    };

export interface IdempotencyDeps {
  db: Db;
  clock: Clock;
  vault: Vault;
}

const keptForMs = 7 * 86_400_000;
/** A request that has not been answered by then died with its process. */
const heldForMs = 15 * 60_000;
const keyPattern = /^[\x21-\x7e]{1,255}$/;

/**
 * Makes a POST safe to send again (docs/reliability.md R1.7): the first request with a key is carried out, a later one with the
 * same body gets the same bytes back, one with another body is refused 422, one that comes while the first is still under
 * way is refused 409 `request_in_progress`. `route` is method and full path.
 */
export async function startIdempotent(deps: IdempotencyDeps, request: { accountId: AccountId; key: string; route: string }): Promise<IdempotentStart> {
  if (!keyPattern.test(request.key)) throw new Refusal(400, "invalid_idempotency_key", "expected an Idempotency-Key of 1 to 255 visible ASCII characters", { path: "Idempotency-Key" });
  const nowMs = deps.clock.nowMs();
  const taken = { route: request.route, now: new Date(nowMs), heldUntil: new Date(nowMs + heldForMs) };
  if (await takeKey(deps.db, { ...request, ...taken })) return first(deps, { ...request, ...taken });
  const found = await findKey(deps.db, request);
  const stale = found && (found.created_at.getTime() <= nowMs - keptForMs || (found.status === null && found.held_until.getTime() <= nowMs));
  if (found && stale && (await retakeKey(deps.db, found, taken))) return first(deps, { ...request, ...taken });
  if (!found || stale || found.status === null) {
    throw new Refusal(409, "request_in_progress", "the first request with this Idempotency-Key is still under way", { retryable: true, extra: { retry_after_seconds: 2 } });
  }
  if (found.route !== request.route) throw reused();
  return { kind: "answered", replay: (requestHash) => replay(deps, found, requestHash) };
}

/** Forgets keys after their 7 days; run hourly. */
export async function forgetOldAnswers(deps: { db: Db; clock: Clock }): Promise<number> {
  return deleteOldKeys(deps.db, new Date(deps.clock.nowMs() - keptForMs));
}

function first(deps: IdempotencyDeps, request: HeldKey): IdempotentStart {
  const held: HeldKey = { accountId: request.accountId, key: request.key, heldUntil: request.heldUntil };
  return {
    kind: "first",
    async keep(answer, requestHash) {
      const account = await deps.vault.forAccount(request.accountId);
      const bodySealed = account.seal("idempotency_keys.body", request.key, answer.body);
      await keepAnswer(deps.db, { ...held, requestHash, status: answer.status, contentType: answer.contentType, bodySealed });
    },
    release: () => releaseKey(deps.db, held),
  };
}

async function replay(deps: IdempotencyDeps, found: IdempotencyRow, requestHash: string): Promise<KeptAnswer> {
  if (found.request_hash !== requestHash || found.status === null || found.body_sealed === null) throw reused();
  const account = await deps.vault.forAccount(found.account_id);
  return { status: found.status, contentType: found.content_type ?? "application/json", body: account.open("idempotency_keys.body", found.key, found.body_sealed) };
}

function reused(): Refusal {
  return new Refusal(422, "idempotency_key_reused", "this Idempotency-Key was used for a different request; choose a new one", { path: "Idempotency-Key" });
}
