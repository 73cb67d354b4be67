import type { ColumnType, Generated } from "kysely";
import type { AccountId, CampaignId, ImportId, ScrubRunId } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";
import type { DefaultJsonOf, Instant, NullableInstant } from "./column-kinds.ts";

export interface SuppressionsTable {
  id: string;
  account_id: AccountId | null;
  number_key: NumberKey;
  number_sealed: Buffer | null;
  reason: string;
  source: string;
  created_at: Instant;
  lifted_at: NullableInstant;
}

export interface ScrubRunsTable {
  id: ScrubRunId;
  account_id: AccountId;
  campaign_id: CampaignId;
  provider: string;
  reference: string;
  category: number | null;
  scrubbed_at: Instant;
  expires_at: Instant;
  submitted_count: number;
  blocked_count: number;
  list_hash: string;
  created_at: Instant;
}

export interface ScrubResultsTable {
  run_id: ScrubRunId;
  account_id: AccountId;
  number_key: NumberKey;
  blocked: boolean;
}

export interface PreferencesTable {
  account_id: AccountId;
  number_key: NumberKey;
  scheme: "full_block" | "block_promo" | "partial" | "legacy" | "none";
  categories: Generated<number[]>;
  modes: Generated<number[]>;
  bands: Generated<number[]>;
  days: Generated<number[]>;
  updated_at: Instant;
  import_id: ImportId | null;
  /** An IST date, written as "2026-11-23"; SQL compares it, nothing reads it. */
  dated: ColumnType<unknown, string | null | undefined, string | null>;
}

export interface PreferenceImportsTable {
  id: string;
  account_id: AccountId;
  rows: Generated<number>;
  accepted: Generated<number>;
  rejected: Generated<number>;
  rejects: DefaultJsonOf<unknown>;
  created_at: Instant;
  list_hash: string | null;
}

export interface SenderPapersTable {
  id: string;
  account_id: AccountId;
  kind: "registration" | "a2p_declaration" | "brake_release" | "holiday_list";
  reference: string;
  provider: string | null;
  caller_numbers: Generated<string[]>;
  dates: Generated<string[]>;
  valid_from: Instant;
  valid_until: NullableInstant;
  created_at: Instant;
}

export interface ConsentsTable {
  id: string;
  account_id: AccountId;
  number_key: NumberKey;
  basis: "inferred" | "explicit" | "enquiry" | "dca";
  purpose: string | null;
  reference: string | null;
  registered_on_dlt: Generated<boolean>;
  given_at: Instant;
  ends_at: NullableInstant;
  revoked_at: NullableInstant;
  created_at: Instant;
  withdrawn_whole: Generated<boolean>;
}

export interface ContactHoldsTable {
  id: string;
  account_id: AccountId;
  number_key: NumberKey;
  kind: "complaint" | "dispute" | "hardship" | "bereavement" | "not_party" | "hours";
  detail: DefaultJsonOf<unknown>;
  starts_at: Instant;
  ends_at: NullableInstant;
  created_at: Instant;
}
