import { parse } from "csv-parse/sync";
import type { Delimiter } from "./csv-dialect.ts";
import type { Line } from "./csv-lines.ts";
import type { RejectReason, RowProblem } from "./reject-reasons.ts";

/** One record of the file: its cells, or what is wrong with its shape and the cells as far as they can be told. */
export interface CsvRecord {
  /** The physical line it begins on. */
  line: number;
  cells: readonly string[];
  broken?: RejectReason;
  /** What is wrong beside its cells, found while it was put together. */
  problems?: readonly RowProblem[];
}

export interface RecordReader {
  /** The records that are complete once the given lines have been read. */
  push(lines: readonly Line[]): readonly CsvRecord[];
  /** What is left when the file ends. */
  end(): readonly CsvRecord[];
}

/** A quoted cell may span this many lines; beyond it the quote counts as never closed. */
const maxRecordLines = 256;

/**
 * Puts physical lines together to records and lets csv-parse (RFC 4180, strict quotes) split them. A quoted cell may span
 * lines. A quote that is never closed must not swallow the rest of the list: when an open record grows beyond
 * `maxRecordChars` or 256 lines, when the file ends inside it, or when a record over several lines does not have `width`
 * cells, its first line is reported and reading goes on at the next line. `width` 0 accepts any number of cells.
 */
export function recordReader(delimiter: Delimiter, width: number, maxRecordChars: number): RecordReader {
  let waiting: readonly Line[] = [];

  const read = (lines: readonly Line[], atEnd: boolean): readonly CsvRecord[] => {
    const out: CsvRecord[] = [];
    let singles: Line[] = [];
    const flush = (): void => {
      out.push(...parseSingles(singles, delimiter));
      singles = [];
    };
    for (let at = 0, line = lines[at]; line; line = lines[at]) {
      if (line.tooLong) {
        flush();
        out.push({ line: line.number, cells: [], broken: "record_too_long" });
        at += 1;
      } else if (!hasOddQuotes(line.text)) {
        if (line.text.trim() !== "") singles.push(line);
        at += 1;
      } else {
        flush();
        const span = spanOfQuoted(lines, at, maxRecordChars);
        if (span === "needs_more" && !atEnd) {
          waiting = lines.slice(at);
          return out;
        }
        const record = typeof span === "number" ? parseOne(lines.slice(at, at + span), delimiter) : brokenRecord(line, delimiter, "unclosed_quote");
        const misshapen = width > 0 && record.cells.length !== width;
        out.push(misshapen && !record.broken ? brokenRecord(line, delimiter, "broken_quote") : record);
        at += typeof span === "number" && !record.broken && !misshapen ? span : 1;
      }
    }
    flush();
    waiting = [];
    return out;
  };

  return {
    push: (lines) => read([...waiting, ...lines], false),
    end: () => read(waiting, true),
  };
}

/** How many lines the record that opens a quote at `from` takes; "too_long" when the quote is not closed in time. */
function spanOfQuoted(lines: readonly Line[], from: number, maxRecordChars: number): number | "too_long" | "needs_more" {
  let chars = 0;
  for (let at = from, line = lines[at]; line; at += 1, line = lines[at]) {
    chars += line.text.length + 1;
    if (line.tooLong || chars > maxRecordChars || at - from >= maxRecordLines) return "too_long";
    if (at > from && hasOddQuotes(line.text)) return at - from + 1;
  }
  return "needs_more";
}

function parseSingles(lines: readonly Line[], delimiter: Delimiter): readonly CsvRecord[] {
  if (lines.length === 0) return [];
  const rows = strictly(lines, delimiter);
  if (rows?.length === lines.length) return lines.map((line, at) => ({ line: line.number, cells: rows[at] ?? [] }));
  return lines.map((line) => parseOne([line], delimiter));
}

function parseOne(lines: readonly Line[], delimiter: Delimiter): CsvRecord {
  const [first] = lines;
  const rows = strictly(lines, delimiter);
  const [cells] = rows ?? [];
  if (!first) return { line: 0, cells: [], broken: "broken_quote" };
  return rows?.length === 1 && cells ? { line: first.number, cells } : brokenRecord(first, delimiter, "broken_quote");
}

function strictly(lines: readonly Line[], delimiter: Delimiter): string[][] | undefined {
  try {
    return parse(lines.map((line) => line.text).join("\n"), { delimiter, relax_column_count: true, record_delimiter: "\n", trim: true });
  } catch {
    // Not RFC 4180: the caller finds out which record it is and reports that one.
    return undefined;
  }
}

function brokenRecord(line: Line, delimiter: Delimiter, reason: RejectReason): CsvRecord {
  return { line: line.number, cells: line.text.split(delimiter), broken: reason };
}

function hasOddQuotes(text: string): boolean {
  let odd = false;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}
