import { createHash, timingSafeEqual } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Random } from "../../domain/random.ts";

/** An API key taken apart: what it is looked up by, and what proves it. */
export interface ApiKeyParts {
  keyId: string;
  secret: string;
}

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const idChars = 12;
const secretChars = 32;
const keyPattern = /^vd_live_([0-9a-hjkmnp-tv-z]{12})_([0-9a-hjkmnp-tv-z]{32})_([0-9a-f]{8})$/;

/**
 * Makes a key `vd_live_<id>_<secret>_<crc32>`: 60 bits name it, 160 bits of chance prove it (ASVS 11.5.1 asks for 128), and
 * the checksum lets secret scanners tell a key from a look-alike.
 */
export function newApiKey(random: Random): ApiKeyParts & { key: string } {
  const keyId = letters(random, idChars);
  const secret = letters(random, secretChars);
  const body = `vd_live_${keyId}_${secret}`;
  return { key: `${body}_${checksum(body)}`, keyId, secret };
}

/**
 * Takes a presented key apart. One whose checksum is wrong is none. A key of the operator's own choosing (`API_KEY`) has no
 * parts: it is looked up by a short hash of itself.
 */
export function readApiKey(presented: string): ApiKeyParts | undefined {
  const match = keyPattern.exec(presented);
  if (!match) return presented.startsWith("vd_live_") || presented.length < 20 || presented.length > 512 ? undefined : ownKey(presented);
  const [, keyId = "", secret = "", sum] = match;
  return checksum(`vd_live_${keyId}_${secret}`) === sum ? { keyId, secret } : undefined;
}

function ownKey(presented: string): ApiKeyParts {
  return { keyId: `own_${createHash("sha256").update("own key id").update(presented).digest("hex").slice(0, 16)}`, secret: presented };
}

/** What is stored of a secret. It is pure chance, so a plain SHA-256 cannot be guessed backwards. */
export function secretHash(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Compares in constant time; a missing stored hash takes as long as a wrong one. */
export function secretMatches(secret: string, storedHash: string | undefined): boolean {
  const presented = Buffer.from(secretHash(secret), "hex");
  const stored = Buffer.from(storedHash ?? secretHash(`not ${secret}`), "hex");
  return stored.length === presented.length && timingSafeEqual(presented, stored) && storedHash !== undefined;
}

function letters(random: Random, count: number): string {
  return Array.from(random.bytes(count), (byte) => alphabet[byte & 31]).join("");
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}
