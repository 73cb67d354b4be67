import { Readable, type Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import yazl from "yazl";
import { type OutcomeRow, outcomeColumns } from "./outcome-columns.ts";

const spreadsheetNamespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const packageNamespace = "http://schemas.openxmlformats.org/package/2006";
const documentNamespace = "http://schemas.openxmlformats.org/officeDocument/2006";
const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** What a spreadsheet program can open: rows of a sheet with its header, and UTF-16 units of a cell ("Excel specifications and limits"). */
const mostSheetRows = 1_048_576;
const mostCellChars = 32_767;

/** The parts of a workbook that do not depend on its rows (ECMA-376, SpreadsheetML with inline strings). */
function frame(sheets: number): Readonly<Record<string, string>> {
  const each = (part: (sheet: number) => string): string => Array.from({ length: sheets }, (_, at) => part(at + 1)).join("");
  return {
    "[Content_Types].xml": `${xml}<Types xmlns="${packageNamespace}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>${each((sheet) => `<Override PartName="/xl/worksheets/sheet${sheet}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`)}</Types>`,
    "_rels/.rels": `${xml}<Relationships xmlns="${packageNamespace}/relationships"><Relationship Id="rId1" Type="${documentNamespace}/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `${xml}<workbook xmlns="${spreadsheetNamespace}" xmlns:r="${documentNamespace}/relationships"><sheets>${each((sheet) => `<sheet name="outcomes${sheet === 1 ? "" : ` ${sheet}`}" sheetId="${sheet}" r:id="rId${sheet}"/>`)}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${xml}<Relationships xmlns="${packageNamespace}/relationships">${each((sheet) => `<Relationship Id="rId${sheet}" Type="${documentNamespace}/relationships/worksheet" Target="worksheets/sheet${sheet}.xml"/>`)}</Relationships>`,
  };
}

/** Rows gathered before a piece of the sheet is handed on. */
const rowsPerPiece = 200;

/**
 * Streams the rows as an Excel workbook, in flat memory. Every text is a text cell, so nothing is ever read as a formula or a
 * phone number as a rounded figure. Rows beyond what one sheet may hold go on in the next, under the same header; a
 * text longer than a cell may be is cut.
 */
export async function writeOutcomeXlsx(rows: AsyncIterable<OutcomeRow>, to: Writable, limits: { sheetRows?: number } = {}): Promise<void> {
  const zip = new yazl.ZipFile();
  const source = aheadOf(rows);
  const writing = pipeline(zip.outputStream, to);
  const filling = addSheets(zip, source, limits.sheetRows ?? mostSheetRows);
  try {
    await Promise.all([writing, filling]);
  } catch (error) {
    to.destroy(error instanceof Error ? error : new Error(String(error)));
    await Promise.allSettled([writing]);
    throw error;
  } finally {
    await source.close();
  }
}

/** Adds sheet after sheet, each once the one before is written, and the parts that name them at the end. */
async function addSheets(zip: yazl.ZipFile, source: RowSource, sheetRows: number): Promise<void> {
  let sheets = 0;
  do {
    sheets += 1;
    const sheet = Readable.from(sheetXml(source, sheetRows), { objectMode: false });
    const written = finished(sheet);
    zip.addReadStream(sheet, `xl/worksheets/sheet${sheets}.xml`);
    await written;
  } while ((await source.peek()) !== undefined);
  for (const [path, text] of Object.entries(frame(sheets))) zip.addBuffer(Buffer.from(text), path);
  zip.end();
}

interface RowSource {
  /** The next row without taking it; undefined at the end. */
  peek(): Promise<OutcomeRow | undefined>;
  take(): Promise<OutcomeRow | undefined>;
  close(): Promise<void>;
}

function aheadOf(rows: AsyncIterable<OutcomeRow>): RowSource {
  const reading = rows[Symbol.asyncIterator]();
  let next: Promise<OutcomeRow | undefined> | undefined;
  const read = async (): Promise<OutcomeRow | undefined> => {
    const result = await reading.next();
    return result.done === true ? undefined : result.value;
  };
  return {
    peek: () => (next ??= read()),
    take() {
      const taken = next ?? read();
      next = undefined;
      return taken;
    },
    async close() {
      await reading.return?.();
    },
  };
}

async function* sheetXml(source: RowSource, sheetRows: number): AsyncGenerator<Buffer> {
  yield Buffer.from(`${xml}<worksheet xmlns="${spreadsheetNamespace}"><sheetData>${rowXml([...outcomeColumns])}`);
  let piece = "";
  let held = 0;
  for (let taken = 1; taken < sheetRows; taken += 1) {
    const row = await source.take();
    if (row === undefined) break;
    piece += rowXml(outcomeColumns.map((column) => (column === "disposition_fields" ? JSON.stringify(row.disposition_fields) : row[column])));
    held += 1;
    if (held === rowsPerPiece) {
      yield Buffer.from(piece);
      piece = "";
      held = 0;
    }
  }
  yield Buffer.from(`${piece}</sheetData></worksheet>`);
}

function rowXml(cells: readonly (string | number | null)[]): string {
  return `<row>${cells.map(cellXml).join("")}</row>`;
}

function cellXml(value: string | number | null): string {
  if (value === null) return "<c/>";
  if (typeof value === "number") return `<c><v>${value}</v></c>`;
  return `<c t="inlineStr"><is><t xml:space="preserve">${xmlText(value)}</t></is></c>`;
}

const notInXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** A text as XML 1.0 may hold it: markup escaped, characters that XML does not have left out. */
function xmlText(text: string): string {
  return text.slice(0, mostCellChars).replace(notInXml, "").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
