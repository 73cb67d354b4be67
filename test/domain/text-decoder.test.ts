import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Refusal } from "../../src/domain/errors.ts";
import { decodeText } from "../../src/domain/text-decoder.ts";

async function* inChunks(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function decoded(bytes: Uint8Array, size = 7): Promise<string> {
  let text = "";
  for await (const piece of decodeText(inChunks(bytes, size))) text += piece;
  return text;
}

const utf16 = (text: string, bigEndian: boolean): Buffer => {
  const little = Buffer.from(`\ufeff${text}`, "utf16le");
  return bigEndian ? little.swap16() : little;
};

describe("a list file's text", () => {
  const sample = "phone,name\n+919876543210,आशा शर्मा\n9876543211,Zoë 😀\n";

  it("is read from UTF-8 with and without a mark, and from UTF-16 of both orders, however it is cut", async () => {
    for (const size of [1, 2, 3, 5, 4096]) {
      expect(await decoded(Buffer.from(sample), size)).toBe(sample);
      expect(await decoded(Buffer.from(`\ufeff${sample}`), size)).toBe(sample);
      expect(await decoded(utf16(sample, false), size)).toBe(sample);
      expect(await decoded(utf16(sample, true), size)).toBe(sample);
    }
  });

  it("survives any text at any chunk size", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 9 }), async (raw, size) => {
        const text = raw.replace(/^\ufeff/, "").toWellFormed();
        expect(await decoded(Buffer.from(`\ufeff${text}`), size)).toBe(text);
        expect(await decoded(utf16(text, true), size)).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it("is empty for an empty or mark-only file", async () => {
    expect(await decoded(Buffer.from(""))).toBe("");
    expect(await decoded(Buffer.from("\ufeff"))).toBe("");
    expect(await decoded(Buffer.from("ab"))).toBe("ab");
  });

  it("is refused, with the line, when a byte is not of the encoding", async () => {
    const latin1 = Buffer.concat([Buffer.from("phone,name\n9876543210,Jos"), Buffer.from([0xe9]), Buffer.from("\n9876543211,Ana\n")]);
    const failure = await decoded(latin1, 64).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Refusal);
    expect(failure).toMatchObject({ status: 422, code: "wrong_encoding" });
    expect(String(failure)).toContain("line 2");
  });

  it("is refused when it stops inside a character", async () => {
    const cut = Buffer.from("name\nआ").subarray(0, -1);
    await expect(decoded(cut)).rejects.toMatchObject({ code: "wrong_encoding" });
    await expect(decoded(utf16("ab", false).subarray(0, -1))).rejects.toMatchObject({ code: "wrong_encoding" });
  });
});
