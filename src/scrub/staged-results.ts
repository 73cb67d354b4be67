import type { Vault } from "../domain/vault.ts";
import { findColumns, type ListColumns } from "./list-columns.ts";
import { listNumber, numberProblem } from "./list-number.ts";
import { type ListRow, readList } from "./read-list.ts";
import type { RowErrors } from "./row-errors.ts";
import { rowNumbers } from "./row-numbers.ts";
import { planScrubFile, type ScrubFilePlan, type ScrubListKind } from "./scrub-file-plan.ts";

/** A scrub result as it came; `lists` says whom a file without a status column names. */
export type ResultSource = { kind: "blocked"; numbers: readonly string[] } | { kind: "file"; bytes: AsyncIterable<Uint8Array>; lists?: ScrubListKind };

/** A result ready for staging: lines of `scrub_rows`, and whom it speaks of. */
export interface StagedResults {
  lines: AsyncIterable<string>;
  /** "list": the blocked only, everybody else on the list is clear. "rows": exactly those it names. */
  covers: "list" | "rows";
  /** Rows of the file, once the lines have been read to their end; null: no file. */
  tally: { rows: number } | null;
}

/** Reads a scrub result. Row errors are known once the lines have been read to their end. Refuses what `readList`, `findColumns` and `planScrubFile` refuse. */
export async function stagedResults(vault: Vault, source: ResultSource, errors: RowErrors): Promise<StagedResults> {
  if (source.kind === "blocked") return { covers: "list", lines: linesOfNumbers(vault, source.numbers, errors), tally: null };
  const list = await readList(source.bytes);
  const columns = findColumns(list.header);
  const plan = planScrubFile(columns, source.lists);
  const tally = { rows: 0 };
  return { covers: plan.covers, lines: linesOfFile(vault, { rows: list.rows, columns, plan, errors, tally }), tally };
}

async function* linesOfNumbers(vault: Vault, numbers: readonly string[], errors: RowErrors): AsyncGenerator<string> {
  let text = "";
  for (const [at, cell] of numbers.entries()) {
    const number = listNumber(cell);
    if (number.ok) text += `${vault.numberKey(number.number)}\tt\n`;
    else errors.add({ line: at + 1, column: "blocked", reason: `number_${number.reason}`, message: numberProblem(number.reason) });
  }
  if (text !== "") yield text;
}

interface ResultFile {
  rows: AsyncIterable<readonly ListRow[]>;
  columns: ListColumns;
  plan: ScrubFilePlan;
  errors: RowErrors;
  tally: { rows: number };
}

async function* linesOfFile(vault: Vault, file: ResultFile): AsyncGenerator<string> {
  for await (const rows of file.rows) {
    let text = "";
    for (const row of rows) text += lineOf(vault, row, file);
    file.tally.rows += rows.length;
    if (text !== "") yield text;
  }
}

function lineOf(vault: Vault, row: ListRow, { columns, plan, errors }: ResultFile): string {
  if (row.cells === null) {
    errors.add({ line: row.line, column: null, reason: "broken_quotes", message: "the quotes of the line do not match" });
    return "";
  }
  const found = rowNumbers(columns, row.cells);
  for (const problem of found.problems) errors.add({ line: row.line, ...problem });
  if (found.numbers.length === 0) return "";
  const said = plan.read(row.cells);
  if (said.includes("unknown")) errors.add({ line: row.line, column: plan.column, reason: "unknown_status", message: "expected blocked or clear; the number counts as blocked" });
  return found.numbers.map(({ number, place }) => (said[place] === "unsaid" ? "" : `${vault.numberKey(number)}\t${said[place] === "clear" ? "f" : "t"}\n`)).join("");
}
