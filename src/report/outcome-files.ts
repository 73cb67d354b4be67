import { stringify } from "csv-stringify";
import { pipeline } from "node:stream/promises";
import { Readable, type Writable } from "node:stream";
import { spreadsheetCsv, spreadsheetSafe } from "../domain/spreadsheet-csv.ts";
import { type OutcomeRow, outcomeColumns } from "./outcome-columns.ts";

/**
 * A row as the CSV shows it. The number stands without its plus ("919876543210"), because a spreadsheet reads a
 * leading plus as a formula; the NDJSON export has the exact E.164 form.
 */
function csvCells(row: OutcomeRow): string[] {
  return outcomeColumns.map((column) => {
    const value = column === "disposition_fields" ? fieldsText(row.disposition_fields) : row[column];
    if (value === null) return "";
    if (typeof value === "number") return String(value);
    return spreadsheetSafe(column === "phone" ? value.replace(/^\+/, "") : value);
  });
}

const fieldsText = (fields: OutcomeRow["disposition_fields"]): string => (Object.keys(fields).length === 0 ? "" : JSON.stringify(fields));

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
