import { type DestinationStream, type Logger, pino, stdTimeFunctions } from "pino";
import type { Log, LogFields } from "../../domain/log.ts";
import { redactFields, redactText } from "./redact.ts";

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

export interface SystemLogOptions {
  level: LogLevel;
  /** The secrets this process holds: their values never reach a line, wherever they stand. */
  secrets?: readonly string[];
  /** Where lines go; default standard output. */
  destination?: DestinationStream;
}

/** Shorter values would blank out ordinary words. */
const shortestSecret = 6;

/** JSON lines through pino. Every sentence and field is redacted before pino sees it (R5.13). */
export function systemLog(options: SystemLogOptions): Log {
  const secrets = (options.secrets ?? []).filter((secret) => secret.length >= shortestSecret);
  const settings = {
    level: options.level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    messageKey: "sentence",
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrap(options.destination ? pino(settings, options.destination) : pino(settings), secrets);
}

function wrap(logger: Logger, secrets: readonly string[]): Log {
  const at =
    (level: "debug" | "info" | "warn" | "error") =>
    (sentence: string, fields: LogFields = {}): void => {
      if (logger.isLevelEnabled(level)) logger[level](redactFields(fields, secrets), redactText(sentence, secrets));
    };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (fields) => wrap(logger.child(redactFields(fields, secrets)), secrets),
  };
}
