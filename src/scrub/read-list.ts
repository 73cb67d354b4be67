import { parse } from "csv-parse/sync";
import { Refusal } from "../domain/errors.ts";
import { decodeText } from "../domain/text-decoder.ts";
import { titleSays } from "./list-columns.ts";
import { listNumber } from "./list-number.ts";
import { headerWord } from "./list-titles.ts";

/** A list whose header has been read. Its rows follow once, in batches, in flat memory. */
export interface List {
  header: readonly string[];
  rows: AsyncIterable<readonly ListRow[]>;
}

/** One line of the file; line 1 is the header. `cells` null: the line's quotes do not match. */
export interface ListRow {
  line: number;
  cells: readonly string[] | null;
}

const delimiters = [",", ";", "\t", "|"] as const;
type Delimiter = (typeof delimiters)[number];

/** A longer line is no row of such a list. */
const maxLineChars = 16_384;

/**
 * Reads a register file, a scrub result or a do-not-call list: encoding by its mark, delimiter by looking at the header.
 * Cells of such lists hold numbers and codes, so a line is a row; quotes are understood, line breaks inside them are not.
 * A bare column of numbers needs no header: the first line of one column is a title only if it is a known one. Refuses: 422 `empty_file`, `wrong_encoding`, `broken_header`, `header_missing`, `line_too_long`.
 */
export async function readList(bytes: AsyncIterable<Uint8Array>): Promise<List> {
  const batches = lineBatches(decodeText(bytes));
  let first: { lines: string[]; firstLine: number } | undefined;
  let at = 0;
  for (;;) {
    const batch = await batches.next();
    if (batch.done === true) throw new Refusal(422, "empty_file", "expected a header and at least one row, got an empty file");
    at = batch.value.lines.findIndex((line) => line.trim() !== "");
    if (at < 0) continue;
    first = batch.value;
    break;
  }
  const headerLine = first.lines[at] ?? "";
  const delimiter = mostFrequent(headerLine);
  const header = splitLine(headerLine, delimiter)?.map((cell) => cell.trim());
  if (!header) throw new Refusal(422, "broken_header", "expected a header line, got one whose quotes do not match");
  if (header.some((cell) => /\p{Cc}/u.test(cell))) throw new Refusal(422, "broken_header", "expected readable column titles, got control characters");
  const bare = header.length === 1 ? titleSays(headerWord(header[0] ?? ""), true) === null : header.some(looksLikeNumber);
  if (bare && header.length > 1) throw new Refusal(422, "header_missing", "expected names of columns in the first line, got a row with a number");
  const used = bare ? at : at + 1;
  const rest = { lines: first.lines.slice(used), firstLine: first.firstLine + used };
  return { header: bare ? ["number"] : header, rows: rowBatches(rest, batches, delimiter) };
}

/** No title: a number, or what a spreadsheet has made of one. */
function looksLikeNumber(cell: string): boolean {
  const digits = cell.replace(/\D/g, "").length;
  return listNumber(cell).ok || (digits >= 5 && !/\p{L}/u.test(cell)) || /^[+-]?\d+(?:[.,]\d+)?e[+-]?\d+$/i.test(cell.trim());
}

interface LineBatch {
  lines: string[];
  firstLine: number;
}

async function* lineBatches(pieces: AsyncIterable<string>): AsyncGenerator<LineBatch> {
  let open = "";
  let line = 1;
  for await (const piece of pieces) {
    const lines = (open + piece).split("\n");
    open = lines.pop() ?? "";
    if (open.length > maxLineChars) throw new Refusal(422, "line_too_long", `expected lines of at most ${maxLineChars} characters, got a longer one at line ${line + lines.length}`);
    if (lines.length > 0) yield { lines, firstLine: line };
    line += lines.length;
  }
  if (open !== "") yield { lines: [open], firstLine: line };
}

async function* rowBatches(first: LineBatch, rest: AsyncGenerator<LineBatch>, delimiter: Delimiter): AsyncGenerator<readonly ListRow[]> {
  yield rowsOf(first, delimiter);
  for await (const batch of rest) yield rowsOf(batch, delimiter);
}

function rowsOf({ lines, firstLine }: LineBatch, delimiter: Delimiter): ListRow[] {
  const rows: ListRow[] = [];
  for (const [at, line] of lines.entries()) {
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    const cells = splitLine(text, delimiter);
    // Spreadsheets export their blank tail as rows of empty cells.
    if (cells === null || cells.some((cell) => cell.trim() !== "")) rows.push({ line: firstLine + at, cells });
  }
  return rows;
}

function splitLine(line: string, delimiter: Delimiter): string[] | null {
  if (!line.includes('"')) return line.split(delimiter);
  try {
    const [cells] = parse(line, { delimiter, relax_column_count: true, trim: true });
    return cells ?? [];
  } catch {
    // Not RFC 4180; the caller reports the line.
    return null;
  }
}

function mostFrequent(header: string): Delimiter {
  let best: Delimiter = ",";
  let most = 0;
  for (const delimiter of delimiters) {
    const count = header.split(delimiter).length - 1;
    if (count > most) [best, most] = [delimiter, count];
  }
  return best;
}
