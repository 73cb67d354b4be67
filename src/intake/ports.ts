import type { Pool } from "pg";
import type { Db } from "../db/database.ts";
import type { Clock } from "../domain/clock.ts";
import type { Log } from "../domain/log.ts";
import type { Random } from "../domain/random.ts";
import type { Vault } from "../domain/vault.ts";
import type { ImportLimits } from "./import-limits.ts";

/** What intake needs of the world. */
export interface IntakeDeps {
  db: Db;
  /** The same database, for COPY. */
  pool: Pool;
  vault: Vault;
  clock: Clock;
  random: Random;
  log: Log;
  /** Default: `importLimits`. */
  limits?: ImportLimits;
}

/** What happens to rows that share a number, with each other or with the campaign. */
export const duplicatePolicies = ["keep_first", "replace", "reject"] as const;
export type DuplicatePolicy = (typeof duplicatePolicies)[number];
