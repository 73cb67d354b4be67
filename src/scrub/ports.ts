import type { Pool } from "pg";
import type { Db } from "../db/database.ts";
import type { Clock } from "../domain/clock.ts";
import type { Log } from "../domain/log.ts";
import type { Random } from "../domain/random.ts";
import type { Vault } from "../domain/vault.ts";

/** What the scrub stage needs of the world. */
export interface ScrubDeps {
  db: Db;
  /** The same database, for COPY into staging tables that live as long as one connection's transaction. */
  pool: Pool;
  vault: Vault;
  clock: Clock;
  random: Random;
  log: Log;
}

/** A row of an imported list that could not be taken as it stands. Line 1 is the header. */
export interface RowError {
  line: number;
  /** The column as the file names it; null when the row as a whole is wrong. */
  column: string | null;
  /** Stable. */
  reason: string;
  message: string;
}

/** How many row errors a report shows one by one; all are counted. */
export const shownRowErrors = 1_000;
