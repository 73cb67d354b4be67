import type { Tx } from "../db/database.ts";
import { putOffBreakers } from "./breakers.queries.ts";
import type { BreakerRow } from "./gate-facts.queries.ts";

/** How often an arm whose time is up lets one call through to see whether it works again. */
export const trialEveryMs = 10_000;

/** The breaker that keeps a call from being placed, if one is open. */
export function breakerInTheWay(breakers: readonly BreakerRow[], nowMs: number): { code: string; untilMs: number } | undefined {
  const open = breakers.filter((breaker) => breaker.until_ms > nowMs).sort((a, b) => b.until_ms - a.until_ms)[0];
  return open && { code: `breaker_${open.cause}`, untilMs: open.until_ms };
}

/**
 * Takes the trial call of arms whose time is up: exactly one call passes per `trialEveryMs`, until `tendBreakers` closes the
 * arm or opens it anew. False: another call took it first.
 */
export async function takeTrials(tx: Tx, breakers: readonly BreakerRow[], nowMs: number): Promise<boolean> {
  if (breakers.length === 0) return true;
  const keys = breakers.map((breaker) => breaker.key);
  const taken = await putOffBreakers(tx, { keys, now: new Date(nowMs), until: new Date(nowMs + trialEveryMs) });
  return taken === breakers.length;
}
