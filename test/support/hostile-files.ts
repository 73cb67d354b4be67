import { seededRandom } from "../../src/domain/random.ts";

/** What must become of a file: refused whole with a code, or read, with so many rows kept and some reported for these reasons. */
export type Fate = { refused: string } | { accepted: number; reasons?: readonly string[] };

export interface HostileFile {
  name: string;
  bytes(): AsyncGenerator<Uint8Array>;
  fate: Fate;
  /** Too long for every run of the tests; the bench takes it. */
  long?: true;
}

const header = "phone,amount_due,note\n";
const good = (n: number): string => `${9_876_500_000 + n},1,fine\n`;
const around = (row: string): string => `${header}${good(1)}${row}${good(2)}`;
const text = (name: string, content: string, fate: Fate): HostileFile => raw(name, Buffer.from(content), fate);
const bytesOf = (...values: number[]): Buffer => Buffer.from(values);

function raw(name: string, content: Uint8Array, fate: Fate): HostileFile {
  return {
    name,
    fate,
    async *bytes() {
      for (let from = 0; from < content.length; from += 65_536) yield content.subarray(from, from + 65_536);
    },
  };
}

function endless(name: string, piece: string, times: number, fate: Fate, more: { head?: string; tail?: string; long?: true } = {}): HostileFile {
  return {
    name,
    fate,
    ...(more.long && { long: more.long }),
    async *bytes() {
      if (more.head) yield Buffer.from(more.head);
      const chunk = Buffer.from(piece);
      for (let n = 0; n < times; n += 1) yield chunk;
      if (more.tail) yield Buffer.from(more.tail);
    },
  };
}

const utf16 = (content: string): Buffer => Buffer.from(content, "utf16le");

/**
 * Files that break readers of lists (docs/reliability.md R5.6), for a definition with `amount_due` (money, required) and `note`
 * (text). Rows that should come in have the numbers +91 98765 00001 onwards.
 */
export const hostileFiles: readonly HostileFile[] = [
  endless("one line of a gigabyte", "x".repeat(1 << 20), 1_024, { refused: "body_too_large" }),
  endless("a row of 40 MB among good ones", "x".repeat(1 << 20), 40, { accepted: 2, reasons: ["record_too_long"] }, { head: header + good(1), tail: `\n${good(2)}` }),
  text("a million commas as header", ",".repeat(1_000_000), { refused: "header_too_long" }),
  text("a million commas as a row", around(`${",".repeat(1_000_000)}\n`), { accepted: 2, reasons: ["record_too_long"] }),
  text("thousands of cells in a row", around(`9876500003,1${",x".repeat(8_000)}\n`), { accepted: 2, reasons: ["too_many_fields"] }),
  text("65 columns", `${header.trim()}${",x".repeat(62)}\n${good(1)}`, { refused: "too_many_columns" }),
  text("a quote that is never closed", `${header}"9876500009,1,fine\n${Array.from({ length: 600 }, (_, n) => good(n)).join("")}`, { accepted: 600, reasons: ["unclosed_quote"] }),
  text("a quote in every row", header + `"9876500009,1,fine\n`.repeat(2_000) + good(1), { accepted: 1 }),
  text("a quote in the header that is never closed", `"${header}${good(1)}`.repeat(300), { refused: "broken_header" }),
  text("a cell of sixteen thousand quotes", around(`9876500003,1,"${'""'.repeat(8_000)}"\n`), { accepted: 2, reasons: ["field_too_long"] }),
  text("a thousand line breaks inside one cell", around(`9876500003,1,"${"a\n".repeat(1_000)}"\n`), { accepted: 2 }),
  text("a quote in the middle of a cell", around(`9876500003,1,he said "no"\n`), { accepted: 2, reasons: ["broken_quote"] }),
  raw("a zip archive", Buffer.concat([bytesOf(0x50, 0x4b, 0x03, 0x04), Buffer.alloc(1 << 20, 0xff)]), { refused: "not_csv" }),
  raw("a gzip bomb", Buffer.concat([bytesOf(0x1f, 0x8b, 0x08), Buffer.alloc(1 << 20)]), { refused: "not_csv" }),
  raw("an old workbook", Buffer.concat([bytesOf(0xd0, 0xcf, 0x11, 0xe0), Buffer.alloc(1_024)]), { refused: "not_csv" }),
  text("a PDF document", "%PDF-1.7\n%âãÏÓ\n", { refused: "not_csv" }),
  raw("UTF-16 with its mark", Buffer.concat([bytesOf(0xff, 0xfe), utf16(around(""))]), { accepted: 2 }),
  raw("UTF-16, the other order", Buffer.concat([bytesOf(0xfe, 0xff), utf16(around("")).swap16()]), { accepted: 2 }),
  raw("UTF-16 without its mark", utf16(around("")), { refused: "wrong_encoding" }),
  raw("UTF-16 without its mark, the other order", utf16(around("")).swap16(), { refused: "wrong_encoding" }),
  raw("UTF-16 that ends in half a unit", Buffer.concat([bytesOf(0xff, 0xfe), utf16(around("")), bytesOf(0x39)]), { refused: "wrong_encoding" }),
  raw("UTF-32", Buffer.concat([bytesOf(0xff, 0xfe, 0, 0), ...Array.from(around(""), (char) => bytesOf(char.charCodeAt(0), 0, 0, 0))]), { refused: "broken_header" }),
  raw("Latin-1 names", Buffer.from(around("9876500003,1,José\n"), "latin1"), { refused: "wrong_encoding" }),
  raw("an overlong NUL", Buffer.concat([Buffer.from(around("")), bytesOf(0xc0, 0x80)]), { refused: "wrong_encoding" }),
  raw("half of a surrogate pair as bytes", Buffer.concat([Buffer.from(around("")), bytesOf(0xed, 0xa0, 0x80)]), { refused: "wrong_encoding" }),
  raw("random bytes", Buffer.from(seededRandom(7).bytes(200_000)), { refused: "wrong_encoding" }),
  text("three kinds of line breaks", `phone,amount_due,note\r\n${good(1).trim()}\r${good(2).trim()}\n${good(3).trim()}\r\n`, { accepted: 3 }),
  text("carriage returns only", around("").replaceAll("\n", "\r"), { accepted: 2 }),
  raw("a megabyte of NUL", Buffer.alloc(1 << 20), { refused: "header_too_long" }),
  text("a NUL in the header", around("").replace("note", "no\0te"), { refused: "broken_header" }),
  text("a NUL in a number", around("98765\x0000003,1,fine\n"), { accepted: 2, reasons: ["not_a_number"] }),
  text("a NUL in a text", around("9876500003,1,fi\0ne\n"), { accepted: 2, reasons: ["control_characters"] }),
  text("text that turns its direction", around("9876500003,1,\u202efine\n"), { accepted: 2, reasons: ["control_characters"] }),
  text("a formula", around('9876500003,1,"=HYPERLINK(""http://x"")"\n'), { accepted: 2, reasons: ["formula"] }),
  text("titles of the language's own objects", `__proto__,constructor,toString,${header}x,y,z,${good(1)}`, { accepted: 1 }),
  text("values of the language's own objects", around("9876500003,1,__proto__\n"), { accepted: 3 }),
  text("two columns of phones", "phone,phone,amount_due\n9876500001,9876500002,1\n", { refused: "ambiguous_column" }),
  endless("a hundred thousand blank lines", "\n".repeat(20_000), 5, { accepted: 2 }, { head: header + good(1), tail: good(2) }),
  text("nothing", "", { refused: "empty_file" }),
  text("a byte order mark alone", "\ufeff", { refused: "empty_file" }),
  text("blanks alone", " \n\t\n   \n", { refused: "empty_file" }),
  text("a header alone", header, { refused: "no_rows" }),
  endless("two million blank lines", "\n".repeat(20_000), 100, { accepted: 2 }, { head: header + good(1), tail: good(2), long: true }),
  endless("two million rows of blank cells", ",,\n".repeat(20_000), 100, { accepted: 2 }, { head: header + good(1), tail: good(2), long: true }),
  endless("two million rows that are none", "x\n".repeat(20_000), 100, { refused: "too_many_rows" }, { head: header, long: true }),
];
