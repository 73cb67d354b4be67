import { sql } from "kysely";
import type { Db } from "../../db/database.ts";
import type { Clock } from "../../domain/clock.ts";
import { Refusal } from "../../domain/errors.ts";
import type { Log } from "../../domain/log.ts";

/** How often one key may ask. */
export interface RateLimit {
  /** Requests per second in the long run. */
  perSecond: number;
  /** Requests at once after a pause. */
  burst: number;
}

export const defaultRateLimit = { perSecond: 50, burst: 200 } as const satisfies RateLimit;

/**
 * Takes one request out of the key's allowance (generic cell rate algorithm, one row per key, so that every process of a
 * deployment counts together and a restart forgives nothing). Refuses 429 `rate_limited` with `retry_after_seconds`.
 * When the limiter itself fails, reading goes on and changing is refused 503 (reliability.md R5.11).
 */
export async function takeRequest(
  deps: { db: Db; clock: Clock; log: Log },
  request: { key: string; limit: RateLimit; changes: boolean },
): Promise<void> {
  const nowMs = deps.clock.nowMs();
  const waitMs = await spend(deps.db, { ...request, nowMs }).catch((error: unknown) => {
    deps.log.error("the rate limiter does not answer", { error });
    if (request.changes) throw new Refusal(503, "limiter_unavailable", "the request could not be counted; try again soon");
    return 0;
  });
  if (waitMs > 0) throw rateLimited(waitMs);
}

export function rateLimited(waitMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return new Refusal(429, "rate_limited", `too many requests; try again in ${seconds} s`, { extra: { retry_after_seconds: seconds } });
}

/** Milliseconds to wait before the request may be made; 0 when it was counted. */
async function spend(db: Db, request: { key: string; limit: RateLimit; nowMs: number }): Promise<number> {
  const { key, limit, nowMs } = request;
  const stepMs = 1_000 / limit.perSecond;
  const now = new Date(nowMs);
  const horizon = new Date(nowMs + stepMs * (limit.burst - 1));
  const step = sql`make_interval(secs => ${stepMs / 1_000})`;
  const counted = await sql<{ due_at: Date }>`
    insert into rate_limits as r (key, due_at) values (${key}, ${now}::timestamptz + ${step})
    on conflict (key) do update set due_at = greatest(r.due_at, ${now}::timestamptz) + ${step} where r.due_at <= ${horizon}
    returning due_at`.execute(db);
  if (counted.rows.length > 0) return 0;
  const row = await db.selectFrom("rate_limits").select("due_at").where("key", "=", key).executeTakeFirst();
  return row ? Math.max(1, row.due_at.getTime() - horizon.getTime()) : 0;
}
