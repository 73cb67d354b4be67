import { startEmbeddedPostgres } from "./adapters/system/embedded-postgres.ts";
import { systemLog } from "./adapters/system/log.ts";
import { loadConfig } from "./config.ts";
import { ConfigError } from "./config/config-error.ts";
import { openDatabase } from "./db/database.ts";
import { migrate } from "./db/migrate.ts";
import { forgetCarrierAccount } from "./dial/carrier-account.ts";

/**
 * `npm run migrate`: brings the configured database, or the embedded one, to the newest schema and ends. With `--forget-carrier`
 * the next start may be under another carrier account.
 */
async function run(): Promise<void> {
  const config = loadConfig();
  const log = systemLog({ level: config.logLevel, secrets: config.secrets });
  const server = config.databaseUrl === null ? await startEmbeddedPostgres({ dataDir: config.dataDir, log }) : undefined;
  try {
    const database = openDatabase(server?.url ?? config.databaseUrl ?? "", { maxConnections: 1 });
    try {
      const applied = await migrate({ pool: database.pool, log, now: new Date() });
      if (process.argv.includes("--forget-carrier")) {
        await forgetCarrierAccount(database.db);
        log.info("the database is bound to no carrier account; the next start binds it to its own");
      }
      log.info(applied.length === 0 ? "the schema is up to date" : "the schema was brought up to date", { migrations: applied });
    } finally {
      await database.close();
    }
  } finally {
    await server?.stop();
  }
}

run().catch((error: unknown) => {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else systemLog({ level: "error" }).error("the migration failed", { error });
  process.exitCode = 1;
});
