import type { Generated, GeneratedAlways } from "kysely";
import type { AccountId, ApiKeyId } from "../domain/ids.ts";
import type { DefaultJsonOf, Instant, NullableInstant } from "./column-kinds.ts";

export interface AccountsTable {
  id: AccountId;
  name: string;
  data_key_sealed: Buffer;
  created_at: Instant;
  state: Generated<"active" | "stopped">;
  stopped_because: string | null;
  day_cap_paise: number | null;
  weight: Generated<number>;
}

export interface ApiKeysTable {
  id: ApiKeyId;
  account_id: AccountId;
  name: string;
  key_id: string;
  secret_hash: string;
  scopes: string[];
  created_at: Instant;
  expires_at: NullableInstant;
  last_used_at: NullableInstant;
  revoked_at: NullableInstant;
}

export interface IdempotencyKeysTable {
  account_id: AccountId;
  key: string;
  route: string;
  request_hash: string | null;
  status: number | null;
  content_type: string | null;
  body_sealed: Buffer | null;
  held_until: Instant;
  created_at: Instant;
}

export interface RateLimitsTable {
  key: string;
  due_at: Instant;
}

export interface AuditLogTable {
  id: GeneratedAlways<number>;
  account_id: AccountId;
  api_key_id: ApiKeyId | null;
  at: Instant;
  action: string;
  subject_id: string | null;
  detail: DefaultJsonOf<unknown>;
  previous: string;
  hash: string;
}
