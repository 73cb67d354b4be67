/**
 * Where the program says what it does: a fixed sentence plus fields. Anything personal goes only into the fields
 * `phone`, `name`, `text` and `error`, which the adapter redacts or strips.
 */
export interface Log {
  debug(sentence: string, fields?: LogFields): void;
  info(sentence: string, fields?: LogFields): void;
  warn(sentence: string, fields?: LogFields): void;
  error(sentence: string, fields?: LogFields): void;
  /** A log whose every line carries the given fields too. */
  child(fields: LogFields): Log;
}

export type LogFields = Readonly<Record<string, unknown>>;
