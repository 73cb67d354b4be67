import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import type { AccountId } from "../../domain/ids.ts";
import type { E164 } from "../../domain/phone-number.ts";
import type { AccountVault, NumberKey, SealedField, Vault } from "../../domain/vault.ts";

const cipher = "aes-256-gcm";
const formatVersion = 1;
const ivBytes = 12;
const tagBytes = 16;
const keyBytes = 32;
const numberKeyBytes = 16;

export interface VaultOptions {
  /** 32 bytes from the environment; every other key is derived from it or sealed under it. */
  rootKey: Uint8Array;
  /** Reads `accounts.data_key_sealed` of one account; asked once per account and process. */
  loadDataKey(accountId: AccountId): Promise<Buffer>;
}

/**
 * Opens the vault. Sub-keys come from the root by HKDF-SHA256 (RFC 5869), values are sealed by AES-256-GCM
 * (NIST SP 800-38D) with a random 96-bit nonce; what a value is and where it stands is authenticated with it.
 * Sealed form: version byte, nonce, tag, ciphertext.
 */
export function openVault(options: VaultOptions): Vault {
  if (options.rootKey.length !== keyBytes) {
    throw new Error(`expected a root key of ${keyBytes} bytes, got ${options.rootKey.length}`);
  }
  const subKey = (purpose: string): Buffer => Buffer.from(hkdfSync("sha256", options.rootKey, Buffer.alloc(0), purpose, keyBytes));
  const numberKeyKey = subKey("number-key");
  const textKeyKey = subKey("text-key");
  const wrappingKey = subKey("account-data-key");
  const accounts = new Map<AccountId, Promise<AccountVault>>();

  const load = async (accountId: AccountId): Promise<AccountVault> => {
    const dataKey = openWith(wrappingKey, aad("accounts.data_key", accountId, accountId), await options.loadDataKey(accountId));
    return accountVault(dataKey, accountId);
  };

  return {
    numberKey: (number: E164) =>
      createHmac("sha256", numberKeyKey).update(number).digest().subarray(0, numberKeyBytes).toString("base64url") as NumberKey,
    textKey: (purpose, text) => createHmac("sha256", textKeyKey).update(purpose).update("\0").update(text).digest("base64url"),
    forAccount(accountId) {
      let vault = accounts.get(accountId);
      if (!vault) {
        vault = load(accountId);
        accounts.set(accountId, vault);
        vault.catch(() => accounts.delete(accountId));
      }
      return vault;
    },
    newDataKey: (accountId) => sealWith(wrappingKey, aad("accounts.data_key", accountId, accountId), randomBytes(keyBytes)),
  };
}

function accountVault(dataKey: Buffer, accountId: AccountId): AccountVault {
  return {
    seal: (field, rowId, text) => sealWith(dataKey, aad(field, accountId, rowId), Buffer.from(text, "utf8")),
    open: (field, rowId, sealed) => openWith(dataKey, aad(field, accountId, rowId), sealed).toString("utf8"),
  };
}

const aad = (field: SealedField | "accounts.data_key", accountId: AccountId, rowId: string): Buffer => Buffer.from(`${accountId}\0${field}\0${rowId}`);

function sealWith(key: Buffer, context: Buffer, plain: Buffer): Buffer {
  const iv = randomBytes(ivBytes);
  const sealing = createCipheriv(cipher, key, iv).setAAD(context);
  const body = Buffer.concat([sealing.update(plain), sealing.final()]);
  return Buffer.concat([Buffer.of(formatVersion), iv, sealing.getAuthTag(), body]);
}

function openWith(key: Buffer, context: Buffer, sealed: Buffer): Buffer {
  if (sealed.length < 1 + ivBytes + tagBytes || sealed[0] !== formatVersion) {
    throw new Error("expected a sealed value of version 1, got something else: it was cut or is not a sealed value");
  }
  const iv = sealed.subarray(1, 1 + ivBytes);
  const tag = sealed.subarray(1 + ivBytes, 1 + ivBytes + tagBytes);
  const opening = createDecipheriv(cipher, key, iv, { authTagLength: tagBytes }).setAAD(context).setAuthTag(tag);
  return Buffer.concat([opening.update(sealed.subarray(1 + ivBytes + tagBytes)), opening.final()]);
}
