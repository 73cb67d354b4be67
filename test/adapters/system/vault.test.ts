import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { openVault } from "../../../src/adapters/system/vault.ts";
import type { AccountId } from "../../../src/domain/ids.ts";
import type { E164 } from "../../../src/domain/phone-number.ts";
import type { Vault } from "../../../src/domain/vault.ts";

const lender = "018f0000-0000-7000-8000-000000000001" as AccountId;
const school = "018f0000-0000-7000-8000-000000000002" as AccountId;

describe("the vault", () => {
  const rootKey = randomBytes(32);
  const stored = new Map<AccountId, Buffer>();
  let loads = 0;
  const open = (key: Uint8Array = rootKey): Vault =>
    openVault({
      rootKey: key,
      loadDataKey: async (accountId) => {
        loads += 1;
        const sealed = stored.get(accountId);
        if (!sealed) throw new Error("no such account");
        return sealed;
      },
    });

  beforeEach(() => {
    loads = 0;
    stored.clear();
    for (const account of [lender, school]) stored.set(account, open().newDataKey(account));
  });

  test("opens what it sealed, for the same field of the same row", async () => {
    const vault = await open().forAccount(lender);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
        expect(vault.open("contacts.name", "row", vault.seal("contacts.name", "row", text))).toBe(text);
      }),
    );
  });

  test("refuses a value moved to another row, another field or another account, or changed in one bit", async () => {
    const vault = await open().forAccount(lender);
    const sealed = vault.seal("contacts.name", "row", "Asha");
    expect(() => vault.open("contacts.name", "other row", sealed)).toThrow();
    expect(() => vault.open("contacts.number", "row", sealed)).toThrow();
    const other = await open().forAccount(school);
    expect(() => other.open("contacts.name", "row", sealed)).toThrow();
    for (let byte = 0; byte < sealed.length; byte++) {
      const changed = Buffer.from(sealed);
      changed[byte] = (changed[byte] ?? 0) ^ 1;
      expect(() => vault.open("contacts.name", "row", changed), `byte ${byte}`).toThrow();
    }
  });

  test("seals the same text differently each time, and keys the same number alike each time", () => {
    const number = "+916000010001" as E164;
    expect(open().numberKey(number)).toBe(open().numberKey(number));
    expect(open().numberKey(number)).toMatch(/^[\w-]{22}$/);
    expect(open(randomBytes(32)).numberKey(number)).not.toBe(open().numberKey(number));
  });

  test("loads an account's key once, and asks again after a failure", async () => {
    const vault = open();
    await Promise.all([vault.forAccount(lender), vault.forAccount(lender)]);
    expect(loads).toBe(1);
    const unknown = "018f0000-0000-7000-8000-000000000003" as AccountId;
    await expect(vault.forAccount(unknown)).rejects.toThrow("no such account");
    stored.set(unknown, vault.newDataKey(unknown));
    await expect(vault.forAccount(unknown)).resolves.toBeDefined();
  });

  test("opens nothing under another root key", async () => {
    await expect(open(randomBytes(32)).forAccount(lender)).rejects.toThrow();
  });
});
