import { Refusal } from "./errors.ts";

type Encoding = "utf-8" | "utf-16le" | "utf-16be";

const byteOrderMarks: readonly { bytes: readonly number[]; encoding: Encoding }[] = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: "utf-8" },
  { bytes: [0xff, 0xfe], encoding: "utf-16le" },
  { bytes: [0xfe, 0xff], encoding: "utf-16be" },
];

const hints: Readonly<Record<Encoding, string>> = {
  "utf-8": "save the file as \"CSV UTF-8\" and send it again",
  "utf-16le": "the file is cut off or mixed; save it again as \"CSV UTF-8\"",
  "utf-16be": "the file is cut off or mixed; save it again as \"CSV UTF-8\"",
};

/**
 * Turns the bytes of a list file into text, piece by piece and in flat memory. The encoding is told by the byte order
 * mark: UTF-8, UTF-16LE or UTF-16BE; without one it is UTF-8. The mark itself is dropped.
 * A byte sequence that is not of the encoding is a `Refusal` 422 `wrong_encoding` naming the line: a guess would turn one
 * name or number silently into another.
 */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  let decoder: LineDecoder | undefined;
  let head = new Uint8Array(0);
  for await (const chunk of bytes) {
    if (decoder) {
      const text = decoder.decode(chunk);
      if (text !== "") yield text;
      continue;
    }
    head = joined(head, chunk);
    if (head.length < 3) continue;
    decoder = lineDecoder(encodingOf(head));
    const text = decoder.decode(head);
    if (text !== "") yield text;
  }
  decoder ??= lineDecoder(encodingOf(head));
  const rest = decoder.end(head.length < 3 ? head : new Uint8Array(0));
  if (rest !== "") yield rest;
}

interface LineDecoder {
  decode(chunk: Uint8Array): string;
  end(chunk: Uint8Array): string;
}

/** A strict streaming decoder that knows in which line it failed. */
function lineDecoder(encoding: Encoding): LineDecoder {
  const strict = new TextDecoder(encoding, { fatal: true });
  let line = 1;
  const run = (chunk: Uint8Array, stream: boolean): string => {
    try {
      const text = strict.decode(chunk, { stream });
      line += newlinesIn(text);
      return text;
    } catch (error) {
      const readable = new TextDecoder(encoding).decode(chunk);
      const badLine = line + newlinesIn(readable.slice(0, Math.max(0, readable.indexOf("\ufffd"))));
      throw new Refusal(
        422,
        "wrong_encoding",
        `expected ${encoding.toUpperCase()} text, got a byte sequence that is none near line ${badLine}; ${hints[encoding]}`,
        { errors: [{ path: `line ${badLine}`, message: error instanceof Error ? error.message : "not decodable" }] },
      );
    }
  };
  return { decode: (chunk) => run(chunk, true), end: (chunk) => run(chunk, false) };
}

function encodingOf(head: Uint8Array): Encoding {
  const marked = byteOrderMarks.find((mark) => mark.bytes.every((byte, at) => head[at] === byte))?.encoding;
  // No title begins with a NUL or has one as its second character; two-byte text has, wherever it writes Latin letters.
  if (!marked && head.length > 1 && (head[0] === 0) !== (head[1] === 0)) {
    throw new Refusal(422, "wrong_encoding", `expected UTF-8 text, got what looks like UTF-16 without its byte order mark; ${hints["utf-8"]}`);
  }
  return marked ?? "utf-8";
}

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
