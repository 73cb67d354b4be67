import { Refusal } from "../domain/errors.ts";

const pieceBytes = 64 * 1024;

const foreignFormats: readonly { magic: readonly number[]; what: string }[] = [
  { magic: [0x50, 0x4b, 0x03, 0x04], what: "a workbook or zip archive" },
  { magic: [0xd0, 0xcf, 0x11, 0xe0], what: "an old Excel workbook" },
  { magic: [0x1f, 0x8b], what: "a gzip archive" },
  { magic: [0x25, 0x50, 0x44, 0x46], what: "a PDF document" },
];

/**
 * The bytes of an uploaded list in pieces of at most 64 kB, however large the pieces that came.
 * Refuses 413 `body_too_large` above `maxBytes`, and 415 `not_csv` when the first bytes are those of a workbook, an
 * archive or a PDF document.
 */
export async function* listBytes(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let received = 0;
  let head: number[] | undefined = [];
  for await (const chunk of source) {
    received += chunk.length;
    if (received > maxBytes) {
      throw new Refusal(413, "body_too_large", `expected at most ${maxBytes} bytes; split the list into several imports`);
    }
    if (head) {
      head = [...head, ...chunk.subarray(0, 4)].slice(0, 4);
      refuseForeignFormat(head);
      if (head.length === 4) head = undefined;
    }
    for (let from = 0; from < chunk.length; from += pieceBytes) yield chunk.subarray(from, from + pieceBytes);
  }
}

function refuseForeignFormat(head: readonly number[]): void {
  const found = foreignFormats.find((format) => format.magic.length <= head.length && format.magic.every((byte, at) => head[at] === byte));
  if (found) throw new Refusal(415, "not_csv", `expected CSV text, got ${found.what}; save the sheet as "CSV UTF-8" and send that file`);
}
