import { runningClock } from "../adapters/system/clock.ts";
import { type DatabaseClock, databaseClock } from "../adapters/system/database-clock.ts";
import { startEmbeddedPostgres } from "../adapters/system/embedded-postgres.ts";
import { systemRandom } from "../adapters/system/random.ts";
import { openVault } from "../adapters/system/vault.ts";
import type { Config } from "../config.ts";
import { type Database, openDatabase } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import { availableServiceRole, loginOwnsEvidence, serviceRole } from "../db/service-role.ts";
import type { Clock, WallClock } from "../domain/clock.ts";
import type { Log } from "../domain/log.ts";
import type { Vault } from "../domain/vault.ts";

/** The database, the clock that follows it, and the keys that seal what it holds. */
export interface Storage {
  database: Database;
  /** Connection string, for the queue's own connections. */
  databaseUrl: string;
  clock: Clock;
  /** Real time, also where `clock` is a trial's. */
  wallClock: WallClock;
  vault: Vault;
  /** False while the machine and the database disagree so much that nobody may be dialed. */
  clockAgrees(): boolean;
  close(): Promise<void>;
}

/** A database that is thrown away at the end need not survive the machine's own end. */
const notDurable = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

/** Starts or reaches the database (a `passing` one is thrown away at the end), migrates it and opens the vault. A given clock is used as it is, otherwise the database's is followed. */
export async function openStorage(deps: { config: Config; log: Log; clock?: Clock | undefined; passing?: boolean | undefined }): Promise<Storage> {
  const { config, log } = deps;
  const embedded = config.databaseUrl === null ? await startEmbeddedPostgres(deps.passing ? { settings: notDurable, log } : { dataDir: config.dataDir, log }) : undefined;
  const databaseUrl = config.databaseUrl ?? embedded?.url ?? "";
  // Migrations and the clock keep the connecting role's own rights; the stages work under the service's.
  const owner = openDatabase(databaseUrl, { maxConnections: 2 });
  let following: DatabaseClock | undefined;
  const closers = [async () => embedded?.stop(), () => owner.close()];
  const close = async (): Promise<void> => {
    following?.close();
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    if (!deps.clock) following = await databaseClock({ pool: owner.pool, log, ...(config.clockStartMs === null ? {} : { startAtMs: config.clockStartMs }) });
    const clock = deps.clock ?? following;
    if (!clock) throw new Error("expected a clock");
    const applied = await migrate({ pool: owner.pool, log, now: new Date(clock.nowMs()) });
    if (applied.length > 0) log.info("database migrated", { applied });
    const role = await availableServiceRole(owner.pool);
    if (role === undefined) log.warn("the database lets the service change evidence; only triggers protect it", { role: serviceRole });
    else if (config.production && (await loginOwnsEvidence(owner.pool))) log.warn("the database login owns the evidence; let the service log in as a plain member of the role", { role: serviceRole });
    const database = openDatabase(databaseUrl, { maxConnections: config.databaseConnections, role });
    closers.push(() => database.close());
    const vault = openVault({ rootKey: config.dataKey, db: database.db, random: systemRandom });
    return { database, databaseUrl, clock, wallClock: following?.wall ?? runningClock(), vault, clockAgrees: () => following?.agrees ?? true, close };
  } catch (error) {
    await close();
    throw error;
  }
}
