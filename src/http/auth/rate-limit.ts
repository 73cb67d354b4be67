import type { Db } from "../../db/database.ts";
import type { Clock } from "../../domain/clock.ts";
import { Refusal } from "../../domain/errors.ts";
import type { Log } from "../../domain/log.ts";
import { countRequest } from "./rate-limit.queries.ts";

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
 * When the limiter itself fails, reading goes on and changing is refused 503 (docs/reliability.md R5.11).
 */
export async function takeRequest(
  deps: { db: Db; clock: Clock; log: Log },
  request: { key: string; limit: RateLimit; changes: boolean },
): Promise<void> {
  const nowMs = deps.clock.nowMs();
  const waitMs = await countRequest(deps.db, { ...request, nowMs }).catch((error: unknown) => {
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
