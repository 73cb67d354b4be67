import { type DatabaseClock, databaseClock } from "../adapters/system/database-clock.ts";
import { startEmbeddedPostgres } from "../adapters/system/embedded-postgres.ts";
import { systemRandom } from "../adapters/system/random.ts";
import { openVault } from "../adapters/system/vault.ts";
import type { Config } from "../config.ts";
import { type Database, openDatabase } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import type { Clock } from "../domain/clock.ts";
import type { Log } from "../domain/log.ts";
import type { Vault } from "../domain/vault.ts";

/** The database, the clock that follows it, and the keys that seal what it holds. */
export interface Storage {
  database: Database;
  /** Connection string, for the queue's own connections. */
  databaseUrl: string;
  clock: Clock;
  vault: Vault;
  /** False while the machine and the database disagree so much that nobody may be dialed. */
  clockAgrees(): boolean;
  close(): Promise<void>;
}

/** Starts or reaches the database, migrates it and opens the vault. A given clock is used as it is, otherwise the database's is followed. */
export async function openStorage(deps: { config: Config; log: Log; clock?: Clock | undefined }): Promise<Storage> {
  const { config, log } = deps;
  const embedded = config.databaseUrl === null ? await startEmbeddedPostgres({ dataDir: config.dataDir, log }) : undefined;
  const databaseUrl = config.databaseUrl ?? embedded?.url ?? "";
  const database = openDatabase(databaseUrl, { maxConnections: config.databaseConnections });
  let following: DatabaseClock | undefined;
  const close = async (): Promise<void> => {
    following?.close();
    await database.close();
    await embedded?.stop();
  };
  try {
    if (!deps.clock) following = await databaseClock({ pool: database.pool, log, ...(config.clockStartMs === null ? {} : { startAtMs: config.clockStartMs }) });
    const clock = deps.clock ?? following;
    if (!clock) throw new Error("expected a clock");
    const applied = await migrate({ pool: database.pool, log, now: new Date(clock.nowMs()) });
    if (applied.length > 0) log.info("database migrated", { applied });
    const vault = openVault({ rootKey: config.dataKey, db: database.db, random: systemRandom });
    return { database, databaseUrl, clock, vault, clockAgrees: () => following?.agrees ?? true, close };
  } catch (error) {
    await close();
    throw error;
  }
}
