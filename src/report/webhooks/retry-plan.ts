const s = 1_000;
const m = 60 * s;
const h = 60 * m;

/** Delays before the tries of one delivery, the example schedule of Standard Webhooks: ten tries in three days and some hours. */
const delaysMs = [0, 5 * s, 5 * m, 30 * m, 2 * h, 5 * h, 10 * h, 14 * h, 20 * h, 24 * h] as const;

/** An endpoint that fails for so long is switched off. */
export const disableAfterMs = 5 * 24 * h;

/**
 * When the next try is made after `tries` tries have failed, with up to 20 % of jitter either way (`fraction` in [0, 1)); null:
 * that was the last one. An endpoint that names a later instant itself (Retry-After) is heard, up to a day.
 */
export function nextTryMs(tries: number, nowMs: number, fraction: number, retryAfterMs: number | null = null): number | null {
  const delayMs = delaysMs[tries];
  if (delayMs === undefined) return null;
  const spread = delayMs * (0.8 + 0.4 * fraction);
  return nowMs + Math.max(spread, Math.min(retryAfterMs ?? 0, 24 * h));
}

/** How long an endpoint that has just failed `failures` times in a row is left alone, whichever delivery is next. */
export function restMs(failures: number, retryAfterMs: number | null = null): number {
  return Math.max(Math.min(m, s * 2 ** Math.min(failures, 6)), Math.min(retryAfterMs ?? 0, h));
}
