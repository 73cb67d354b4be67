import type { Definition } from "../domain/definition.ts";
import type { DefinitionFacts } from "./facts.ts";

/** A definition in the words of the rules. */
export function definitionFacts(definition: Definition): DefinitionFacts {
  return {
    purpose: definition.purpose,
    sector: definition.sector,
    microfinance: definition.microfinance,
    mayTransfer: definition.may_transfer,
    preferenceCategory: definition.preference_category ?? null,
    consentBasis: definition.consent ?? null,
    window: definition.window ?? null,
    perNumberPerDay: definition.limits.per_number_per_day,
    perNumberPerWeek: definition.limits.per_number_per_week,
    minutesBetweenCalls: definition.limits.minutes_between_calls ?? null,
    optOutsInTenDays: definition.limits.opt_outs_in_ten_days ?? null,
  };
}
