import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import yazl from "yazl";
import { type OutcomeRow, outcomeColumns } from "./outcome-columns.ts";

const spreadsheetNamespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const packageNamespace = "http://schemas.openxmlformats.org/package/2006";
const documentNamespace = "http://schemas.openxmlformats.org/officeDocument/2006";
const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** The parts of a workbook that do not depend on its rows (ECMA-376, SpreadsheetML with inline strings). */
const frame: Readonly<Record<string, string>> = {
  "[Content_Types].xml": `${xml}<Types xmlns="${packageNamespace}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
  "_rels/.rels": `${xml}<Relationships xmlns="${packageNamespace}/relationships"><Relationship Id="rId1" Type="${documentNamespace}/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  "xl/workbook.xml": `${xml}<workbook xmlns="${spreadsheetNamespace}" xmlns:r="${documentNamespace}/relationships"><sheets><sheet name="outcomes" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  "xl/_rels/workbook.xml.rels": `${xml}<Relationships xmlns="${packageNamespace}/relationships"><Relationship Id="rId1" Type="${documentNamespace}/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
};

/** Rows gathered before a piece of the sheet is handed on. */
const rowsPerPiece = 200;

/**
 * Streams the rows as an Excel workbook of one sheet, in flat memory. Every text is a text cell, so nothing is ever read
 * as a formula or a phone number as a rounded figure.
 */
export async function writeOutcomeXlsx(rows: AsyncIterable<OutcomeRow>, to: Writable): Promise<void> {
  const zip = new yazl.ZipFile();
  for (const [path, text] of Object.entries(frame)) zip.addBuffer(Buffer.from(text), path);
  const sheet = Readable.from(sheetXml(rows), { objectMode: false });
  const writing = pipeline(zip.outputStream, to);
  const failed = new Promise<never>((_resolve, reject) => sheet.once("error", reject));
  zip.addReadStream(sheet, "xl/worksheets/sheet1.xml");
  zip.end();
  try {
    await Promise.race([writing, failed]);
  } catch (error) {
    to.destroy(error instanceof Error ? error : new Error(String(error)));
    await Promise.allSettled([writing]);
    throw error;
  } finally {
    sheet.destroy();
  }
}

async function* sheetXml(rows: AsyncIterable<OutcomeRow>): AsyncGenerator<Buffer> {
  yield Buffer.from(`${xml}<worksheet xmlns="${spreadsheetNamespace}"><sheetData>${rowXml([...outcomeColumns])}`);
  let piece = "";
  let held = 0;
  for await (const row of rows) {
    piece += rowXml(outcomeColumns.map((column) => (column === "disposition_fields" ? fieldsText(row) : row[column])));
    held += 1;
    if (held === rowsPerPiece) {
      yield Buffer.from(piece);
      piece = "";
      held = 0;
    }
  }
  yield Buffer.from(`${piece}</sheetData></worksheet>`);
}

const fieldsText = (row: OutcomeRow): string | null => (Object.keys(row.disposition_fields).length === 0 ? null : JSON.stringify(row.disposition_fields));

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
  return text.replace(notInXml, "").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
