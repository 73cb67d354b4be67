import { systemLog } from "./adapters/system/log.ts";
import { type Config, loadConfig } from "./config.ts";
import { ConfigError } from "./config/config-error.ts";
import { startService } from "./service/start-service.ts";

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
  let signals = 0;
  const onSignal = (signal: string): void => {
    signals += 1;
    if (signals > 1) {
      log.warn("asked again to stop: live calls are ended with a goodbye", { signal });
      service.endCalls();
      return;
    }
    log.info("stopping: no new calls, live calls go on to their end", { signal });
    service.drain().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error("stopping failed", { error });
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
} catch {
  // Said already, with its cause, by the part that failed.
  process.exit(1);
}
