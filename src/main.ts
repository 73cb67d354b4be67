import { runningClock } from "./adapters/system/clock.ts";
import { systemLog } from "./adapters/system/log.ts";
import { type Config, loadConfig } from "./config.ts";
import { ConfigError } from "./config/config-error.ts";
import { startService } from "./service/start-service.ts";
import { stopOnSignals } from "./service/stop-on-signals.ts";

/** Reads the settings or says everything that is wrong with them, then ends. */
function configOrExit(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

const config = configOrExit();
const log = systemLog({ level: config.logLevel, secrets: config.secrets });
for (const warning of config.warnings) log.warn(warning);
// Left to itself Node would print the error whole, and with it whatever personal data hangs on it.
process.on("uncaughtException", (error) => {
  log.error("the process ends on an error that nobody handled", { error });
  process.exit(1);
});

try {
  const service = await startService({ config, log });
  log.info("service started", { origin: service.origin, roles: [...config.roles] });
  if (service.newApiKey !== null) {
    process.stdout.write(`\nThe first API key, shown this once:\n\n  ${service.newApiKey}\n\nConsole: ${service.origin}   API: ${service.origin}/docs\n\n`);
  }
  const onSignal = stopOnSignals({ service, log, clock: runningClock(), drainMs: config.drainMs, exit: (code) => process.exit(code) });
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
} catch {
  // Said already, with its cause, by the part that failed.
  process.exit(1);
}
