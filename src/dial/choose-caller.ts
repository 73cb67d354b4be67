import type { E164 } from "../domain/phone-number.ts";
import { callerFlow, nextSendMs, type PaceState } from "./pace.ts";

/** What is known of one caller number of the account. A number without a row was never used. */
export interface CallerStanding {
  number: E164;
  lastUsedMs: number | null;
  /** It rests until then: people do not pick up, or the carrier blocks it. */
  coolingUntilMs: number | null;
}

export type CallerChoice =
  /** In the order in which they should be tried. */
  | { kind: "free"; numbers: readonly [E164, ...E164[]] }
  /** Every number rests; the first is back at `untilMs`. */
  | { kind: "cooling"; untilMs: number }
  | { kind: "none" };

/**
 * Rotates the pool: numbers that rest are left out; of the others the one whose pace is free soonest goes first, then
 * the one not used for longest, then the first in the list.
 */
export function chooseCaller(
  pool: readonly E164[],
  standingOf: (number: E164) => CallerStanding | undefined,
  pace: PaceState,
  nowMs: number,
): CallerChoice {
  const coolingUntil = (number: E164): number => standingOf(number)?.coolingUntilMs ?? 0;
  const [first, ...rest] = pool
    .filter((number) => coolingUntil(number) <= nowMs)
    .map((number) => ({
      number,
      freeMs: nextSendMs([callerFlow(number, 1)], pace, nowMs),
      lastUsedMs: standingOf(number)?.lastUsedMs ?? 0,
    }))
    .sort((a, b) => a.freeMs - b.freeMs || a.lastUsedMs - b.lastUsedMs)
    .map((candidate) => candidate.number);
  if (first !== undefined) return { kind: "free", numbers: [first, ...rest] };
  if (pool.length === 0) return { kind: "none" };
  return { kind: "cooling", untilMs: Math.min(...pool.map(coolingUntil)) };
}
