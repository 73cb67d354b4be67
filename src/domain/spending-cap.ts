import type { Definition } from "./definition.ts";
import type { Paise } from "./money.ts";

/** What stands against one cap: what was spent and what open calls may still cost. A cap of null is no cap. */
export interface CapStanding {
  capPaise: Paise | null;
  spentPaise: Paise;
  reservedPaise: Paise;
}

/** Whether a further call of this worst case stays under the cap. Stops at the cap, never after it. */
export function fitsCap(standing: CapStanding, worstCasePaise: Paise): boolean {
  return standing.capPaise === null || standing.spentPaise + standing.reservedPaise + worstCasePaise <= standing.capPaise;
}

/** What a campaign may spend; null when its definition names no budget. */
export function budgetPaise(definition: Definition): Paise | null {
  return definition.limits.budget_inr === undefined ? null : Math.round(definition.limits.budget_inr * 100);
}
