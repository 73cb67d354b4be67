import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemRandom } from "../../../src/adapters/system/random.ts";
import { openVault } from "../../../src/adapters/system/vault.ts";
import type { AccountId } from "../../../src/domain/ids.ts";
import type { E164 } from "../../../src/domain/phone-number.ts";
import type { SealedField, Vault } from "../../../src/domain/vault.ts";
import { type TestDatabase, testDatabase } from "../../support/database.ts";

const shop = "01940000-0000-7000-8000-000000000001" as AccountId;
const clinic = "01940000-0000-7000-8000-000000000002" as AccountId;
const nobody = "01940000-0000-7000-8000-00000000000f" as AccountId;
const rootKey = Buffer.alloc(32, 7);
const number = "+919876543210" as E164;
const text = fc.string({ unit: "grapheme", maxLength: 200 });
const field = fc.constantFrom<SealedField>("contacts.name", "contacts.number", "contacts.variables", "conversations.turns");

describe("the vault", () => {
  let database: TestDatabase;
  let vault: Vault;
  const open = (key: Buffer = rootKey): Vault => openVault({ rootKey: key, db: database.db, random: systemRandom });
  const addAccount = (id: AccountId, key: Buffer) =>
    database.db.insertInto("accounts").values({ id, name: "any", data_key_sealed: key, created_at: new Date(0) }).execute();

  beforeAll(async () => {
    database = await testDatabase();
    vault = open();
    await addAccount(shop, vault.newDataKey(shop));
    await addAccount(clinic, vault.newDataKey(clinic));
  });
  afterAll(() => database.close());

  it("opens what it sealed, also after a restart with the same root key", async () => {
    const before = await vault.forAccount(shop);
    const after = await open().forAccount(shop);
    fc.assert(fc.property(field, fc.uuid(), text, (name, row, plain) => after.open(name, row, before.seal(name, row, plain)) === plain));
  });

  it("never seals alike twice, and reveals nothing of the text but its length", async () => {
    const account = await vault.forAccount(shop);
    const seals = Array.from({ length: 200 }, () => account.seal("contacts.name", "1", "Asha Patel").toString("hex"));
    expect(new Set(seals).size).toBe(200);
    expect(seals.some((seal) => seal.includes(Buffer.from("Asha").toString("hex")))).toBe(false);
  });

  it("refuses a value that was moved to another row, field or account, or changed in any byte", async () => {
    const account = await vault.forAccount(shop);
    const other = await vault.forAccount(clinic);
    const sealed = account.seal("contacts.name", "1", "Asha");
    const refusal = "it was changed, moved, or sealed under another key";
    expect(() => account.open("contacts.name", "2", sealed)).toThrow(refusal);
    expect(() => account.open("contacts.number", "1", sealed)).toThrow(refusal);
    expect(() => other.open("contacts.name", "1", sealed)).toThrow(refusal);
    for (let place = 1; place < sealed.length; place++) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
      expect(() => account.open("contacts.name", "1", changed)).toThrow(refusal);
    }
    expect(() => account.open("contacts.name", "1", Buffer.concat([Buffer.of(2), sealed.subarray(1)]))).toThrow("got version 2");
    expect(() => account.open("contacts.name", "1", sealed.subarray(0, 20))).toThrow("got 20 bytes");
  });

  it("does not confuse a field and a row whose names run together", async () => {
    const account = await vault.forAccount(shop);
    const sealed = account.seal("contacts.name", "x1", "Asha");
    expect(() => account.open("contacts.namex" as SealedField, "1", sealed)).toThrow();
  });

  it("opens nothing under another root key, nor an account key put under another account", async () => {
    await expect(open(Buffer.alloc(32, 8)).forAccount(shop)).rejects.toThrow("sealed under another key");
    const moved = "01940000-0000-7000-8000-000000000003" as AccountId;
    await addAccount(moved, vault.newDataKey(shop));
    await expect(vault.forAccount(moved)).rejects.toThrow("moved");
  });

  it("loads an account's key once, and asks again after a failure", async () => {
    const fresh = open();
    expect(await fresh.forAccount(shop)).toBe(await fresh.forAccount(shop));
    await expect(fresh.forAccount(nobody)).rejects.toThrow("expected the account");
    await addAccount(nobody, fresh.newDataKey(nobody));
    await expect(fresh.forAccount(nobody)).resolves.toBeDefined();
  });

  it("names a number by a keyed hash of 22 characters, the same for the same root key only", () => {
    expect(vault.numberKey(number)).toMatch(/^[\w-]{22}$/);
    expect(open().numberKey(number)).toBe(vault.numberKey(number));
    expect(open(Buffer.alloc(32, 8)).numberKey(number)).not.toBe(vault.numberKey(number));
    expect(vault.numberKey("+919876543211" as E164)).not.toBe(vault.numberKey(number));
  });

  it("keeps texts of different purposes apart", () => {
    fc.assert(
      fc.property(text, text, text, text, (purposeA, textA, purposeB, textB) => {
        const same = purposeA === purposeB && textA === textB;
        expect(vault.textKey(purposeA, textA) === vault.textKey(purposeB, textB)).toBe(same);
      }),
    );
    expect(vault.textKey("a", "bc")).not.toBe(vault.textKey("ab", "c"));
  });

  it("refuses a root key of another length", () => {
    expect(() => open(Buffer.alloc(16))).toThrow("expected a root key of 32 bytes, got 16");
  });
});
