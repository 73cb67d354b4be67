import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { type Clock, pause } from "../domain/clock.ts";
import type { Readiness } from "../http/health-routes.ts";

export interface ReadinessParts {
  db: Db;
  clock: Clock;
  isStopping(): boolean;
  clockAgrees(): boolean;
  /** Whether the planner and the loops that look after calls go round. */
  loopsGoRound(): boolean;
  /** Whether jobs come through the queue; true in a process that takes none. */
  queueMoves(): boolean;
}

/** A database that takes longer to answer one word serves nobody. */
const answersWithinMs = 2_000;

/** Whether this process can serve now: it is not stopping, its clock can be trusted, the database answers, and its own work goes on. */
export function databaseReadiness(parts: ReadinessParts): () => Promise<Readiness> {
  return async () => {
    const checks = { running: !parts.isStopping(), clock: parts.clockAgrees(), database: await answers(parts), loops: parts.loopsGoRound(), queue: parts.queueMoves() };
    return { ready: Object.values(checks).every(Boolean), checks };
  };
}

async function answers({ db, clock }: ReadinessParts): Promise<boolean> {
  const answered = new AbortController();
  const asked = sql`select 1`.execute(db).then(
    () => true,
    () => false,
  );
  const late = pause(clock, answersWithinMs, answered.signal).then(() => false);
  const inTime = await Promise.race([asked, late]);
  answered.abort();
  return inTime;
}
