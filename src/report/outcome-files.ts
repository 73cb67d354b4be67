import { stringify } from "csv-stringify";
import { pipeline } from "node:stream/promises";
import { Readable, type Writable } from "node:stream";
import { spreadsheetCsv, spreadsheetSafe } from "../domain/spreadsheet-csv.ts";
import { type OutcomeRow, outcomeColumns } from "./outcome-columns.ts";

/** A plus and digits: a spreadsheet reads the number itself, and nothing is computed. */
const plainNumber = /^\+\d{1,15}$/;

/** A row as the CSV shows it: the same values as the NDJSON, texts that a spreadsheet would run kept as texts. */
function csvCells(row: OutcomeRow): string[] {
  return outcomeColumns.map((column) => {
    const value = column === "disposition_fields" ? JSON.stringify(row.disposition_fields) : row[column];
    if (value === null) return "";
    if (typeof value === "number") return String(value);
    return column === "phone" && plainNumber.test(value) ? value : spreadsheetSafe(value);
  });
}

/** Streams the rows as CSV (RFC 4180, UTF-8 with a byte order mark so that spreadsheets show Hindi), header first. */
export async function writeOutcomeCsv(rows: AsyncIterable<OutcomeRow>, to: Writable): Promise<void> {
  const lines = stringify({ bom: true, header: true, columns: [...outcomeColumns], ...spreadsheetCsv });
  const cells = async function* (): AsyncGenerator<string[]> {
    for await (const row of rows) yield csvCells(row);
  };
  await pipeline(Readable.from(cells()), lines, to);
}

/** Streams the rows as JSON lines with exact values. */
export async function writeOutcomeNdjson(rows: AsyncIterable<OutcomeRow>, to: Writable): Promise<void> {
  const lines = async function* (): AsyncGenerator<string> {
    for await (const row of rows) yield `${JSON.stringify(row)}\n`;
  };
  await pipeline(Readable.from(lines()), to);
}
