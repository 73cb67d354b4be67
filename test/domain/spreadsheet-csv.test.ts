import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spreadsheetCsv } from "../../src/domain/spreadsheet-csv.ts";
import { importLimits } from "../../src/intake/import-limits.ts";
import { openCsv } from "../../src/intake/open-csv.ts";

const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom("\n", "\r", '"', ",", ";", "\t", "|", " ", "a", "आ", "'", "=", "+", "9"), maxLength: 12 }),
  fc.string({ maxLength: 12 }).filter((text) => !/[\0\ufffd]/.test(text)),
);
const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 });
const header = ["phone", "name", "note"] as const;

async function readAsList(text: string): Promise<string[][]> {
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  };
  const file = await openCsv(bytes(), importLimits);
  const rows: string[][] = [];
  for await (const batch of file.records) rows.push(...batch.map((record) => [...record.cells]));
  return rows;
}

describe("a CSV of ours", () => {
  test("gives every reader the cells that were written, whatever they hold", () => {
    fc.assert(
      fc.property(table, (rows) => {
        expect(parse(stringify([header, ...rows], spreadsheetCsv))).toEqual([[...header], ...rows]);
      }),
    );
  });

  test("comes back through our own import cell by cell; only line breaks become one kind, and rows of nothing are left out", async () => {
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const expected = rows.map((row) => row.map((text) => text.replace(/\r\n|\r/g, "\n"))).filter((row) => row.some((text) => text !== ""));
        expect(await readAsList(stringify([header, ...rows], spreadsheetCsv))).toEqual(expected);
      }),
    );
  });

  test("quotes a cell with any line break", () => {
    expect(stringify([["line1\nline2", "a\rb", "c\r\nd", " e"]], spreadsheetCsv)).toBe('"line1\nline2","a\rb","c\r\nd"," e"\r\n');
  });
});
