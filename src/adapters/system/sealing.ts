import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import type { Random } from "../../domain/random.ts";

/** Layout of a sealed value: version, random IV, ciphertext, tag. The version lets a later release change the rest. */
const version = 1;
const ivBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

/**
 * A key of its own for each use, derived from the root (HKDF-SHA256, RFC 5869), so that no two uses share one. A key object:
 * Node 24 turns raw bytes into one at every call, which takes four times as long as the cipher itself.
 */
export function subKey(rootKey: Uint8Array, use: string): KeyObject {
  if (rootKey.length !== keyBytes) throw new RangeError(`expected a root key of ${keyBytes} bytes, got ${rootKey.length}`);
  return createSecretKey(Buffer.from(hkdfSync("sha256", rootKey, Buffer.alloc(0), `campaign-dialer/1/${use}`, keyBytes)));
}

/** AES-256-GCM under a random IV. `place` says where the value belongs and is authenticated with it. */
export function sealBytes(key: KeyObject, place: string, plain: Uint8Array, random: Random): Buffer {
  const iv = random.bytes(ivBytes);
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(place));
  return Buffer.concat([Buffer.of(version), iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what `sealBytes` made for the same place; throws when it was changed, moved, or sealed under another key. */
export function openBytes(key: KeyObject, place: string, sealed: Buffer): Buffer {
  if (sealed.length < 1 + ivBytes + tagBytes) throw new Error(`expected a sealed value, got ${sealed.length} bytes`);
  if (sealed[0] !== version) throw new Error(`expected a value sealed with version ${version}, got version ${sealed[0]}`);
  const iv = sealed.subarray(1, 1 + ivBytes);
  const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(place));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(1 + ivBytes, sealed.length - tagBytes)), decipher.final()]);
  } catch (error) {
    throw new Error("expected a sealed value of this place, but it was changed, moved, or sealed under another key", { cause: error });
  }
}
