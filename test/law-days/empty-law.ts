import type { SimDatabase } from "../chaos/simulation/open-sim-database.ts";

const lawful = ["scrub_results", "scrub_runs", "preferences", "preference_imports", "consents", "contact_holds", "sender_papers", "planner_standings", "evidence_seals"];

/** Empties the database of everything a stretch writes. */
export function emptyLaw(database: SimDatabase): Promise<void> {
  return database.empty(lawful);
}
