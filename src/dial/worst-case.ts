import type { Paise } from "../domain/money.ts";

/** Seconds the carrier is allowed beyond the agent's own limit, so that our goodbye comes before its cut. */
export const carrierGraceSeconds = 30;

/** The most one call can cost: every started minute up to the carrier's own limit. Reserved before dialing, settled after. */
export function worstCasePaise(maxCallSeconds: number, perMinutePaise: Paise): Paise {
  return Math.ceil((maxCallSeconds + carrierGraceSeconds) / 60) * perMinutePaise;
}
