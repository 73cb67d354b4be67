import { categoryOfSector } from "./data/preference-codes.ts";
import type { CampaignFacts } from "./facts.ts";

/** The preference category of a campaign's content: as stated, else its sector's where there is only one, else null. */
export function promotionalCategory(facts: Pick<CampaignFacts, "preferenceCategory" | "sector">): number | null {
  return facts.preferenceCategory ?? categoryOfSector[facts.sector] ?? null;
}
