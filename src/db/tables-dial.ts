import type { ColumnType, Generated, GeneratedAlways } from "kysely";
import type { CallFact } from "../domain/call-fact.ts";
import type { AccountId, AttemptId, CallSid, CampaignId } from "../domain/ids.ts";
import type { DefaultJsonOf, Instant, JsonOf, NullableInstant } from "./column-kinds.ts";

export interface WebhookInboxTable {
  id: GeneratedAlways<number>;
  token: string | null;
  call_sid: CallSid;
  dedupe_key: string;
  fact: JsonOf<CallFact>;
  received_at: Instant;
  folded_at: NullableInstant;
  /** How often it could not be folded, when it is tried again, and since when and why it is not. */
  failures: Generated<number>;
  retry_at: NullableInstant;
  parked_at: NullableInstant;
  parked_because: string | null;
  attempt_id: AttemptId | null;
}

export interface StreamTokensTable {
  token_hash: string;
  attempt_id: AttemptId;
  account_id: AccountId;
  expires_at: Instant;
  used_at: NullableInstant;
}

export interface CarrierAccountTable {
  id: Generated<number>;
  carrier: string;
  account_key: string;
  since: Instant;
}

export interface PaceTable {
  key: string;
  next_at: Instant;
  even_at: Instant;
  strikes: Generated<number>;
}

/** Written by the database's own trigger on `attempts.cost_paise`. */
export interface SpendTable {
  campaign_id: CampaignId;
  account_id: AccountId;
  day: ColumnType<Date, never, never>;
  amount_paise: number;
}

export interface CallerNumbersTable {
  account_id: AccountId;
  number: string;
  last_used_at: NullableInstant;
  cooling_until: NullableInstant;
  cooling_because: string | null;
  recent_calls: Generated<number>;
  recent_failures: Generated<number>;
}

export interface BreakersTable {
  key: string;
  account_id: AccountId | null;
  opened_at: Instant;
  until: Instant;
  cause: string;
  detail: DefaultJsonOf<unknown>;
}
