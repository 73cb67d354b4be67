import type { AccountId } from "./ids.ts";
import type { E164 } from "./phone-number.ts";

/** Keyed hash of a phone number (HMAC-SHA256, 128 bits, base64url, 22 characters): carries joins and lookups, reveals nothing. */
export type NumberKey = string & { readonly __numberKey: true };

/** Seals and opens personal values under one account's data key (AES-256-GCM). */
export interface AccountVault {
  /** Seals a text; it opens only for the same field ("contacts.name") of the same row. */
  seal(field: SealedField, rowId: string, text: string): Buffer;
  /** Opens what `seal` made; throws when the value was moved or changed. */
  open(field: SealedField, rowId: string, sealed: Buffer): string;
}

/**
 * Every column that holds a sealed value, named `table.column` without its `_sealed`; part of what is authenticated.
 * The row id is the row's `id` (of `outcomes` the contact's, of `conversations` the attempt's, of `import_rejects`
 * `importId:line`, of `idempotency_keys` the key).
 */
export type SealedField =
  | "contacts.number"
  | "contacts.name"
  | "contacts.variables"
  | "import_rejects.original"
  | "suppressions.number"
  | "conversations.turns"
  | "conversations.fields"
  | "conversations.summary"
  | "conversations.events"
  | "outcomes.fields"
  | "outcomes.summary"
  | "webhook_endpoints.secret"
  | "webhook_events.body"
  | "idempotency_keys.body";

/** The keys of the platform. The root key comes from the environment; account keys are stored sealed under it. */
export interface Vault {
  /** The keyed hash that stands for a number everywhere except where it is dialed, shown or exported. */
  numberKey(number: E164): NumberKey;
  /** A keyed hash for other short texts that must be compared but not read (stream tokens, API secrets). */
  textKey(purpose: string, text: string): string;
  /** The account's own sealing key, loaded once and kept in memory. */
  forAccount(accountId: AccountId): Promise<AccountVault>;
  /** Makes the data key of a new account; the caller stores it with the account. */
  newDataKey(accountId: AccountId): Buffer;
}
