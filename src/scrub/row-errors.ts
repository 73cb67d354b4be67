import { type RowError, shownRowErrors } from "./ports.ts";

/** Gathers what is wrong with the rows of one file: all are counted, the first ones kept. */
export interface RowErrors {
  add(error: RowError): void;
  readonly count: number;
  readonly byReason: Readonly<Record<string, number>>;
  readonly shown: readonly RowError[];
}

export function newRowErrors(): RowErrors {
  const shown: RowError[] = [];
  const byReason: Record<string, number> = {};
  let count = 0;
  return {
    add(error) {
      count += 1;
      byReason[error.reason] = (byReason[error.reason] ?? 0) + 1;
      if (shown.length < shownRowErrors) shown.push(error);
    },
    get count() {
      return count;
    },
    byReason,
    shown,
  };
}
