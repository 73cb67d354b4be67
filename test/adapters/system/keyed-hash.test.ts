import { createHmac, createSecretKey } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyedHash } from "../../../src/adapters/system/keyed-hash.ts";

describe("the keyed hash", () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 64 });
  const text = fc.string({ unit: "grapheme", maxLength: 80 });

  it("is the first half of the library's HMAC-SHA256, whatever was hashed before", () => {
    fc.assert(
      fc.property(bytes, fc.array(text, { minLength: 1, maxLength: 20 }), (raw, texts) => {
        const key = createSecretKey(raw);
        const hashed = keyedHash(key);
        for (const one of texts) expect(hashed(one)).toBe(createHmac("sha256", key).update(one).digest().subarray(0, 16).toString("base64url"));
      }),
    );
  });

  it("refuses a key longer than a block", () => {
    expect(() => keyedHash(createSecretKey(Buffer.alloc(65)))).toThrow("expected a key of at most 64 bytes");
  });
});
