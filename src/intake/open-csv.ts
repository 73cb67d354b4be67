import { Refusal } from "../domain/errors.ts";
import { decodeText } from "../domain/text-decoder.ts";
import { delimiterHint, detectDelimiter } from "./csv-dialect.ts";
import { type Line, linesOf } from "./csv-lines.ts";
import { type CsvRecord, recordReader } from "./csv-records.ts";
import type { ImportLimits } from "./import-limits.ts";
import { listBytes } from "./list-bytes.ts";

/** A list whose header has been read; its records follow in batches, in order, in flat memory. */
export interface CsvFile {
  header: readonly string[];
  records: AsyncIterable<readonly CsvRecord[]>;
}

const sampleLines = 20;

/**
 * Reads a list up to its header: encoding by byte order mark, delimiter by looking, `sep=` hint understood.
 * Refusals: 422 `empty_file`, `header_too_long`, `broken_header`, `too_many_columns`, `wrong_encoding`; 413
 * `body_too_large`; 415 `not_csv`; 413 `too_many_rows` while the records are read.
 */
export async function openCsv(source: AsyncIterable<Uint8Array>, limits: ImportLimits): Promise<CsvFile> {
  const lines = linesOf(decodeText(listBytes(source, limits.maxBytes)), limits.maxRecordChars);
  const sample = await firstLines(lines);
  const hint = delimiterHint(sample[0]?.text ?? "");
  if (hint) sample.splice(0, 1 + sample.slice(1).findIndex((line) => !isBlank(line)));
  const [first] = sample;
  if (!first) throw new Refusal(422, "empty_file", "expected a header and at least one row, got an empty file");
  if (first.tooLong) throw new Refusal(422, "header_too_long", `expected a header of at most ${limits.maxRecordChars} characters`);

  const delimiter = hint ?? detectDelimiter(sample.filter((line) => line.text.trim() !== "").slice(0, sampleLines).map((line) => line.text));
  const { header, rest } = readHeader(sample, (from) => recordReader(delimiter, from, limits.maxRecordChars));
  if (header.length > limits.maxColumns) {
    throw new Refusal(422, "too_many_columns", `expected at most ${limits.maxColumns} columns, got ${header.length}`);
  }
  const reader = recordReader(delimiter, header.length, limits.maxRecordChars);
  return { header, records: recordsOf(reader, rest, lines, limits.maxRows) };
}

/** The first lines from the first that is not blank on: enough to find the delimiter and the header. */
async function firstLines(lines: AsyncGenerator<readonly Line[]>): Promise<Line[]> {
  const sample: Line[] = [];
  for await (const batch of readOn(lines)) {
    const start = sample.length > 0 ? 0 : batch.findIndex((line) => !isBlank(line));
    if (start >= 0) sample.push(...batch.slice(start));
    if (sample.length >= sampleLines) return sample;
  }
  return sample;
}

function isBlank(line: Line): boolean {
  return !line.tooLong && line.text.trim() === "";
}

/** The header may span lines when a title is quoted; what follows it is handed back. */
function readHeader(sample: readonly Line[], readerOf: (width: number) => ReturnType<typeof recordReader>): { header: readonly string[]; rest: readonly Line[] } {
  const reader = readerOf(0);
  for (const [at, line] of sample.entries()) {
    const [record] = reader.push([line]);
    if (!record) continue;
    if (record.broken) break;
    return { header: record.cells, rest: sample.slice(at + 1) };
  }
  throw new Refusal(422, "broken_header", "expected a header line, got one whose quotes do not match");
}

async function* recordsOf(
  reader: ReturnType<typeof recordReader>,
  rest: readonly Line[],
  lines: AsyncGenerator<readonly Line[]>,
  maxRows: number,
): AsyncGenerator<readonly CsvRecord[]> {
  let rows = 0;
  const counted = (read: readonly CsvRecord[]): readonly CsvRecord[] => {
    // Spreadsheets export their blank tail as rows of empty cells.
    const records = read.filter((record) => record.broken !== undefined || record.cells.some((cell) => cell !== ""));
    rows += records.length;
    if (rows > maxRows) throw new Refusal(413, "too_many_rows", `expected at most ${maxRows} rows; split the list into several imports`);
    return records;
  };
  yield counted(reader.push(rest));
  for await (const batch of lines) yield counted(reader.push(batch));
  yield counted(reader.end());
}

/** Iterates without closing the generator when the loop is left, so that reading can go on later. */
function readOn<T>(generator: AsyncGenerator<T>): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => ({ next: () => generator.next() }) };
}
