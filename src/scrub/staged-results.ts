import type { Vault } from "../domain/vault.ts";
import { findColumns, type ListColumns } from "./list-columns.ts";
import { listNumber, numberProblem } from "./list-number.ts";
import { type ListRow, readList } from "./read-list.ts";
import { readScrubStatus } from "./read-scrub-status.ts";
import type { RowErrors } from "./row-errors.ts";

/** A scrub result as it came. */
export type ResultSource = { kind: "blocked"; numbers: readonly string[] } | { kind: "file"; bytes: AsyncIterable<Uint8Array> };

/** A result ready for staging: lines of `scrub_rows`, and whom it speaks of. */
export interface StagedResults {
  lines: AsyncIterable<string>;
  /** "list": the blocked only, everybody else on the list is clear. "rows": exactly those it names. */
  covers: "list" | "rows";
}

/** Reads a scrub result. Row errors are known once the lines have been read to their end. */
export async function stagedResults(vault: Vault, source: ResultSource, errors: RowErrors): Promise<StagedResults> {
  if (source.kind === "blocked") return { covers: "list", lines: linesOfNumbers(vault, source.numbers, errors) };
  const list = await readList(source.bytes);
  const columns = findColumns(list.header);
  return { covers: columns.at.status === undefined ? "list" : "rows", lines: linesOfFile(vault, { rows: list.rows, columns, errors }) };
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

async function* linesOfFile(vault: Vault, file: { rows: AsyncIterable<readonly ListRow[]>; columns: ListColumns; errors: RowErrors }): AsyncGenerator<string> {
  for await (const rows of file.rows) {
    let text = "";
    for (const row of rows) text += lineOf(vault, row, file);
    if (text !== "") yield text;
  }
}

function lineOf(vault: Vault, row: ListRow, { columns, errors }: { columns: ListColumns; errors: RowErrors }): string {
  const { header, at } = columns;
  if (row.cells === null) {
    errors.add({ line: row.line, column: null, reason: "broken_quotes", message: "the quotes of the line do not match" });
    return "";
  }
  const number = listNumber(row.cells[columns.number] ?? "");
  if (!number.ok) {
    errors.add({ line: row.line, column: header[columns.number] ?? null, reason: `number_${number.reason}`, message: numberProblem(number.reason) });
    return "";
  }
  const status = at.status === undefined ? "blocked" : readScrubStatus(row.cells[at.status] ?? "", header[at.status] ?? "");
  if (status === "unknown") errors.add({ line: row.line, column: at.status === undefined ? null : (header[at.status] ?? null), reason: "unknown_status", message: "expected blocked or clear; the number counts as blocked" });
  return `${vault.numberKey(number.number)}\t${status === "clear" ? "f" : "t"}\n`;
}
