import type { AccountId, ContactId, ImportId } from "../domain/ids.ts";
import type { E164 } from "../domain/phone-number.ts";
import type { AccountVault, NumberKey, SealedField, Vault } from "../domain/vault.ts";
import type { ContactDraft } from "./check-row.ts";
import type { RejectReason, RowProblem } from "./reject-reasons.ts";

/** What an import keeps of a row's original, sealed: the cells as they came and what was wrong with them. */
export interface OriginalRow {
  cells: readonly string[];
  problems: readonly RowProblem[];
}

export const originalField = "import_rejects.original" as const satisfies SealedField;

/** The row id under which an original is sealed. */
export function originalRowId(importId: ImportId, line: number): string {
  return `${importId}:${line}`;
}

/** One checked row on its way into `import_rows`; everything personal is sealed. */
export interface StagedRow {
  line: number;
  contactId: ContactId;
  numberKey: NumberKey | null;
  numberSealed: Buffer | null;
  nameSealed: Buffer | null;
  variablesSealed: Buffer | null;
  language: string | null;
  externalId: string | null;
  notBeforeMs: number | null;
  notAfterMs: number | null;
  originalSealed: Buffer;
  reason: RejectReason | null;
  columnName: string | null;
  unsureColumns: readonly string[];
}

export interface SealingRow {
  importId: ImportId;
  accountId: AccountId;
  line: number;
  contactId: ContactId;
  cells: readonly string[];
}

/** Seals a contact's number, name and variables under its id. */
export function sealContact(account: AccountVault, contactId: ContactId, contact: ContactDraft): Pick<StagedRow, "numberSealed" | "nameSealed" | "variablesSealed"> {
  return {
    numberSealed: account.seal("contacts.number", contactId, contact.number),
    nameSealed: contact.name === null ? null : account.seal("contacts.name", contactId, contact.name),
    variablesSealed: Object.keys(contact.variables).length === 0 ? null : account.seal("contacts.variables", contactId, JSON.stringify(contact.variables)),
  };
}

/** A good row: the contact sealed under its id, and the original beside it in case the merge finds a duplicate. */
export function acceptedRow(vault: Vault, account: AccountVault, row: SealingRow, contact: ContactDraft, unsureColumns: readonly string[]): StagedRow {
  return {
    line: row.line,
    contactId: row.contactId,
    numberKey: vault.numberKey(contact.number),
    ...sealContact(account, row.contactId, contact),
    language: contact.language,
    externalId: contact.externalId,
    notBeforeMs: contact.notBeforeMs,
    notAfterMs: contact.notAfterMs,
    originalSealed: sealOriginal(account, row, []),
    reason: null,
    columnName: null,
    unsureColumns,
  };
}

const madeUp: ReadonlySet<RejectReason> = new Set(["unknown_key", "same_key_twice"]);

/** A bad row: only the sealed original and the first reason, and the number's key where the number was readable. */
export function rejectedRow(vault: Vault, account: AccountVault, row: SealingRow, problems: readonly RowProblem[], number: E164 | null): StagedRow {
  return {
    line: row.line,
    contactId: row.contactId,
    numberKey: number === null ? null : vault.numberKey(number),
    numberSealed: null,
    nameSealed: null,
    variablesSealed: null,
    language: null,
    externalId: null,
    notBeforeMs: null,
    notAfterMs: null,
    originalSealed: sealOriginal(account, row, problems),
    reason: problems[0]?.reason ?? "not_an_object",
    // A key the sender made up may hold anything, also a number: it is kept sealed only.
    columnName: problems[0] === undefined || madeUp.has(problems[0].reason) ? null : problems[0].column,
    unsureColumns: [],
  };
}

function sealOriginal(account: AccountVault, row: SealingRow, problems: readonly RowProblem[]): Buffer {
  const original: OriginalRow = { cells: row.cells, problems };
  return account.seal(originalField, originalRowId(row.importId, row.line), JSON.stringify(original));
}
