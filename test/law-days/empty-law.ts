import type { Database } from "../../src/db/database.ts";
import { emptyDatabase } from "../chaos/simulation/sim-database.ts";

const lawful = ["scrub_results", "scrub_runs", "preferences", "preference_imports", "consents", "contact_holds", "sender_papers", "planner_standings", "evidence_seals"];

/** Empties the database of everything a stretch writes. */
export async function emptyLaw(database: Database): Promise<void> {
  await database.pool.query(`begin; set local session_replication_role = 'replica'; ${lawful.map((table) => `delete from ${table};`).join(" ")} commit;`);
  await emptyDatabase(database);
}
