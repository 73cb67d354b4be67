import { createHash } from "node:crypto";
import { systemRandom } from "../../src/adapters/system/random.ts";
import { openVault } from "../../src/adapters/system/vault.ts";
import type { Db } from "../../src/db/database.ts";
import type { Vault } from "../../src/domain/vault.ts";

/** The vault of a test database, always under the same root key. */
export function testVault(db: Db): Vault {
  return openVault({ rootKey: createHash("sha256").update("root key of the tests").digest(), db, random: systemRandom });
}
