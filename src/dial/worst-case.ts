import type { Paise } from "../domain/money.ts";

/** Seconds the carrier is allowed beyond the agent's own limit, so that our goodbye comes before its cut. */
export const carrierGraceSeconds = 30;

/** The most one call can cost: every started minute up to the carrier's own limit. Reserved before dialing, settled after. */
export function worstCasePaise(maxCallSeconds: number, perMinutePaise: Paise): Paise {
  return Math.ceil((maxCallSeconds + carrierGraceSeconds) / 60) * perMinutePaise;
}

/** What is spent and reserved against one cap. A cap of null is no cap. */
export interface Account {
  capPaise: Paise | null;
  spentPaise: Paise;
  reservedPaise: Paise;
}

/** Whether a further call of this worst case stays under the cap. Stops at the cap, never after it. */
export function fitsCap(account: Account, worstCase: Paise): boolean {
  return account.capPaise === null || account.spentPaise + account.reservedPaise + worstCase <= account.capPaise;
}
