import { createHmac, hash, type KeyObject } from "node:crypto";

const blockBytes = 64;
const digestBytes = 32;
const shownBytes = 16;
/** Longer texts could pass the space kept for them: a UTF-16 unit is at most three bytes of UTF-8. */
const longestShortChars = 21;

const base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** The 22nd character of 128 bits in base64url carries two bits only; of a longer value it carries six. */
const lastOf128: Readonly<Record<string, string>> = Object.fromEntries([...base64url].map((char, at) => [char, base64url.charAt(at & 0b11_0000)]));

/**
 * HMAC-SHA256 (RFC 2104) of short texts, its first 128 bits in base64url. Made of two plain hashes over buffers that are
 * used again, because the library's keyed hash takes three times as long, and a register has twenty million numbers.
 */
export function keyedHash(key: KeyObject): (text: string) => string {
  const raw = key.export();
  if (raw.length > blockBytes) throw new RangeError(`expected a key of at most ${blockBytes} bytes, got ${raw.length}`);
  const inner = Buffer.alloc(blockBytes * 2, 0x36);
  const outer = Buffer.alloc(blockBytes + digestBytes, 0x5c);
  for (const [at, byte] of raw.entries()) {
    inner.writeUInt8(byte ^ 0x36, at);
    outer.writeUInt8(byte ^ 0x5c, at);
  }
  return (text) => {
    if (text.length > longestShortChars) return createHmac("sha256", key).update(text).digest().subarray(0, shownBytes).toString("base64url");
    const length = inner.write(text, blockBytes);
    outer.write(hash("sha256", inner.subarray(0, blockBytes + length), "binary"), blockBytes, "binary");
    const digest = hash("sha256", outer, "base64url");
    return `${digest.slice(0, 21)}${lastOf128[digest.charAt(21)] ?? ""}`;
  };
}
