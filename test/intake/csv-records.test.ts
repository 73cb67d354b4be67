import fc from "fast-check";
import { stringify } from "csv-stringify/sync";
import { describe, expect, it } from "vitest";
import type { CsvRecord } from "../../src/intake/csv-records.ts";
import { type ImportLimits, importLimits } from "../../src/intake/import-limits.ts";
import { openCsv } from "../../src/intake/open-csv.ts";

async function* bytesOf(text: string | Uint8Array, pieceBytes = 1_000_000): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes);
}

async function read(text: string | Uint8Array, options: { pieceBytes?: number; limits?: Partial<ImportLimits> } = {}) {
  const file = await openCsv(bytesOf(text, options.pieceBytes), { ...importLimits, ...options.limits });
  const records: CsvRecord[] = [];
  for await (const batch of file.records) records.push(...batch);
  return { header: file.header, records };
}

const lines = (records: readonly CsvRecord[]) => records.map((record) => (record.broken ? `${record.line} ${record.broken}` : `${record.line} ${record.cells.join("|")}`));

describe("reading a CSV file", () => {
  it.each([
    [",", "phone,name\n98,Asha\n97,Ravi\n"],
    [";", "phone;name\n98;Asha\n97;Ravi\n"],
    ["tab", "phone\tname\r\n98\tAsha\r\n97\tRavi"],
    ["|", "phone|name\r98|Asha\r97|Ravi\r"],
    ["the sep= hint", "sep=;\nphone;name\n98;Asha\n97;Ravi"],
    ["mixed line ends and blank lines", "\n\nphone,name\r\n\n98,Asha\n\r97,Ravi\r\n,,\n  \n"],
  ])("finds the delimiter and the lines: %s", async (_, text) => {
    const { header, records } = await read(text);
    expect(header).toEqual(["phone", "name"]);
    expect(records.map((record) => record.cells)).toEqual([["98", "Asha"], ["97", "Ravi"]]);
  });

  it("prefers the delimiter on which header and rows agree", async () => {
    const { header } = await read('phone;"name, title, and more, with, commas"\n98;Asha\n97;Ravi\n');
    expect(header).toEqual(["phone", "name, title, and more, with, commas"]);
  });

  it.each([
    ["UTF-8 with byte order mark", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from("phone,नाम\n98,आशा\n")])],
    ["UTF-16 little endian", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("phone,नाम\n98,आशा\n", "utf16le")])],
    ["UTF-16 big endian", Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from("phone,नाम\n98,आशा\n", "utf16le").swap16()])],
  ])("decodes %s, also when pieces cut characters", async (_, bytes) => {
    for (const pieceBytes of [1, 3, 1000]) {
      const { header, records } = await read(bytes, { pieceBytes });
      expect(header).toEqual(["phone", "नाम"]);
      expect(records.map((record) => record.cells)).toEqual([["98", "आशा"]]);
    }
  });

  it("reads what a CSV writer writes, whatever the text and however the bytes are cut", async () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "é", "न", '"', ",", ";", "\n", " ", "x", "1"), maxLength: 12 }).map((text) => text.trim());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom("98", "97"), cell, cell), { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 40 }), async (rows, pieceBytes) => {
        const { records } = await read(stringify([["phone", "one", "two"], ...rows]), { pieceBytes });
        expect(records.map((record) => record.cells)).toEqual(rows);
      }),
      { numRuns: 150 },
    );
  });

  it("keeps a quoted cell that spans lines and names the line it begins on", async () => {
    const { records } = await read('phone,address\n98,"1 MG Road\nPune"\n97,x\n');
    expect(lines(records)).toEqual(["2 98|1 MG Road\nPune", "4 97|x"]);
  });

  it("reports the one row whose quote is never closed and keeps those after it", async () => {
    const { records } = await read('phone,name\n98,"Asha\n97,Ravi\n96,Tara\n');
    expect(lines(records)).toEqual(["2 unclosed_quote", "3 97|Ravi", "4 96|Tara"]);
  });

  it("does not let two stray quotes swallow the rows between them", async () => {
    const { records } = await read('phone,name\n98,"Asha\n97,Ravi\n96,Ta"ra\n95,Uma\n');
    expect(lines(records)).toEqual(["2 broken_quote", "3 97|Ravi", "4 unclosed_quote", "5 95|Uma"]);
  });

  it("reports a quote inside an unquoted cell", async () => {
    const { records } = await read('phone,name\n98,Asha "Ashu" Rao\n97,Ravi\n');
    expect(lines(records)).toEqual(["2 broken_quote", "3 97|Ravi"]);
  });

  it("throws a 10 MB line away while it streams, keeps its neighbours and stays small", async () => {
    const before = process.memoryUsage().rss;
    const huge = async function* () {
      yield Buffer.from("phone,name\n98,Asha\n");
      for (let i = 0; i < 160; i++) yield Buffer.alloc(65_536, "9");
      yield Buffer.from("\n97,Ravi\n");
    };
    const file = await openCsv(huge(), importLimits);
    const records: CsvRecord[] = [];
    for await (const batch of file.records) records.push(...batch);
    expect(lines(records)).toEqual(["2 98|Asha", "3 record_too_long", "4 97|Ravi"]);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });

  it.each([
    ["empty_file", ""],
    ["empty_file", "\n \n\r\n"],
    ["empty_file", "\ufeff"],
    ["broken_header", '"phone,name\n98,Asha\n'],
    ["too_many_columns", `${",".repeat(64)}\n`],
    ["header_too_long", `${"p".repeat(20_000)}\n98\n`],
    ["not_csv", Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x14])],
    ["not_csv", Buffer.from([0x1f, 0x8b, 0x08])],
    ["not_csv", Buffer.from("%PDF-1.7")],
    ["wrong_encoding", Buffer.from([0x70, 0x68, 0x6f, 0x6e, 0x65, 0x0a, 0xe0, 0xa4, 0x20, 0x0a])],
  ])("refuses with %s", async (code, text) => {
    await expect(read(text)).rejects.toMatchObject({ name: "Refusal", code });
  });

  it("refuses a body above the byte limit and a list above the row limit", async () => {
    await expect(read("phone\n98\n97\n", { limits: { maxBytes: 10 } })).rejects.toMatchObject({ status: 413, code: "body_too_large" });
    await expect(read("phone\n98\n97\n", { limits: { maxRows: 1 } })).rejects.toMatchObject({ status: 413, code: "too_many_rows" });
  });
});

describe("hostile files", () => {
  const hostile: readonly [string, string][] = [
    ["a million commas", `phone,name\n${",".repeat(1_000_000)}\n98,Asha\n`],
    ["nothing but quotes, one a line", `phone,name\n${'"\n'.repeat(40_000)}98,Asha\n`],
    ["quotes in every cell", `phone,name\n${'9"8,A"sha\n'.repeat(40_000)}98,Asha\n`],
    ["an open quote before many short lines", `phone,name\n98,"x\n${"y\n".repeat(60_000)}98,Asha\n`],
    ["nested doubled quotes", `phone,name\n${'"""""""""""""""""",x\n'.repeat(20_000)}98,Asha\n`],
    ["nothing but carriage returns", `phone,name\n${"\r".repeat(200_000)}98,Asha\n`],
    ["NUL bytes", `phone,name\n${"\0".repeat(10_000)}\n98,Asha\n`],
    ["__proto__ everywhere", `phone,name\n${"__proto__,constructor\n".repeat(20_000)}98,Asha\n`],
  ];

  it.each(hostile)("%s: every row is reported, the good one kept, the event loop never held up", async (_, text) => {
    let longestMs = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last);
      last = performance.now();
    }, 1);
    const file = await openCsv(bytesOf(text), importLimits);
    let good = 0;
    for await (const batch of file.records) {
      good += batch.filter((record) => record.broken === undefined && record.cells.join() === "98,Asha").length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    clearInterval(beat);
    expect(good).toBe(1);
    expect(longestMs).toBeLessThan(400);
  });
});
