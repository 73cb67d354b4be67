import type { Log, LogFields } from "../../src/domain/log.ts";

const say = (): void => undefined;

/** A log that says nothing. */
export const silentLog: Log = { debug: say, info: say, warn: say, error: say, child: () => silentLog };

export interface LogLine {
  level: "debug" | "info" | "warn" | "error";
  sentence: string;
  fields: LogFields;
}

export interface RecordingLog extends Log {
  /** Every line so far, also those of children. */
  readonly lines: readonly LogLine[];
  /** The sentences of one level. */
  sentences(level: LogLine["level"]): string[];
}

/** A log that keeps its lines for the test to look at. */
export function recordingLog(): RecordingLog {
  const lines: LogLine[] = [];
  const under = (base: LogFields): Log => {
    const at =
      (level: LogLine["level"]) =>
      (sentence: string, fields: LogFields = {}): void => {
        lines.push({ level, sentence, fields: { ...base, ...fields } });
      };
    return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), child: (fields) => under({ ...base, ...fields }) };
  };
  return { ...under({}), lines, sentences: (level) => lines.filter((line) => line.level === level).map((line) => line.sentence) };
}
