import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import type { Db } from "../../db/database.ts";
import type { AccountId } from "../../domain/ids.ts";
import type { E164 } from "../../domain/phone-number.ts";
import type { Random } from "../../domain/random.ts";
import type { AccountVault, NumberKey, Vault } from "../../domain/vault.ts";
import { keyedHash } from "./keyed-hash.ts";
import { openBytes, sealBytes, subKey } from "./sealing.ts";

export interface VaultDeps {
  /** `DATA_KEY`: 32 bytes, the root of every other key. Losing it loses all sealed values. */
  rootKey: Uint8Array;
  db: Db;
  random: Random;
}

const dataKeyBytes = 32;

/** The keys of the platform, all from one root key; each account's data key is stored sealed under it. */
export function openVault({ rootKey, db, random }: VaultDeps): Vault {
  const numberKeyOf = keyedHash(subKey(rootKey, "number"));
  const texts = subKey(rootKey, "text");
  const wrapping = subKey(rootKey, "account");
  const accounts = new Map<AccountId, Promise<AccountVault>>();

  const load = async (accountId: AccountId): Promise<AccountVault> => {
    const account = await db.selectFrom("accounts").select("data_key_sealed").where("id", "=", accountId).executeTakeFirst();
    if (!account) throw new Error(`expected the account ${accountId} to exist`);
    return accountVault(accountId, createSecretKey(openBytes(wrapping, wrappingPlace(accountId), account.data_key_sealed)), random);
  };

  return {
    numberKey: (number: E164) => numberKeyOf(number) as NumberKey,
    textKey: (purpose, text) => createHmac("sha256", texts).update(JSON.stringify([purpose, text])).digest("base64url"),
    newDataKey: (accountId) => sealBytes(wrapping, wrappingPlace(accountId), random.bytes(dataKeyBytes), random),
    forAccount(accountId) {
      const known = accounts.get(accountId);
      if (known) return known;
      const loading = load(accountId);
      accounts.set(accountId, loading);
      // A failure is told to those who wait and tried anew by the next one.
      loading.catch(() => accounts.delete(accountId));
      return loading;
    },
  };
}

function accountVault(accountId: AccountId, dataKey: KeyObject, random: Random): AccountVault {
  const place = (field: string, rowId: string): string => JSON.stringify([accountId, field, rowId]);
  return {
    seal: (field, rowId, text) => sealBytes(dataKey, place(field, rowId), Buffer.from(text), random),
    open: (field, rowId, sealed) => openBytes(dataKey, place(field, rowId), sealed).toString("utf8"),
  };
}

function wrappingPlace(accountId: AccountId): string {
  return JSON.stringify([accountId, "accounts.data_key_sealed", accountId]);
}
