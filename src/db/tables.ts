import type { ColumnType, Generated, GeneratedAlways } from "kysely";
import type { AnsweredBy, AttemptState, FailureClass, HangupBy } from "../domain/attempt.ts";
import type { CallEnding, CallFact } from "../domain/call-fact.ts";
import type { CampaignState } from "../domain/campaign.ts";
import type { ContactState, DueClass } from "../domain/contact.ts";
import type { EndReason, TurnLatency, VendorUsage } from "../domain/conversation.ts";
import type { DefinitionSource, Language } from "../domain/definition.ts";
import type {
  AccountId,
  ApiKeyId,
  AttemptId,
  CallSid,
  CampaignId,
  ContactId,
  ImportId,
  ScrubRunId,
  WebhookEndpointId,
} from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";
import type { ContactTalliesTable, PlannerStandingsTable } from "./tables-planner.ts";

/** timestamptz: read as `Date`, written as `Date`. */
type Instant = ColumnType<Date, Date, Date>;
type NullableInstant = ColumnType<Date | null, Date | null | undefined, Date | null>;
/** jsonb: read as parsed value, written as JSON text. */
type JsonOf<T> = ColumnType<T, string, string>;
type NullableJsonOf<T> = ColumnType<T | null, string | null | undefined, string | null>;
/** jsonb with a default. */
type DefaultJsonOf<T> = ColumnType<T, string | undefined, string>;
type Json = JsonOf<unknown>;

export type RecordingConsent = "given" | "refused" | "announced" | "not_asked";

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
  request_hash: string;
  status: number | null;
  body: NullableJsonOf<unknown>;
  created_at: Instant;
}

export interface RateLimitsTable {
  key: string;
  due_at: Instant;
}

export interface CampaignsTable {
  id: CampaignId;
  account_id: AccountId;
  name: string;
  kind: Generated<"list" | "single_calls">;
  template: string | null;
  state: CampaignState;
  paused_because: string | null;
  definition: JsonOf<DefinitionSource>;
  weight: Generated<number>;
  acknowledged: Generated<string[]>;
  created_at: Instant;
  started_at: NullableInstant;
  finished_at: NullableInstant;
  updated_at: Instant;
}

export interface ImportsTable {
  id: ImportId;
  account_id: AccountId;
  campaign_id: CampaignId;
  state: "running" | "done" | "failed";
  on_duplicate: "keep_first" | "replace" | "reject";
  header: Generated<string[]>;
  rows: Generated<number>;
  accepted: Generated<number>;
  rejected: Generated<number>;
  duplicates: Generated<number>;
  rejects_by_reason: DefaultJsonOf<Record<string, number>>;
  created_at: Instant;
  finished_at: NullableInstant;
  failure: string | null;
}

export interface ImportRejectsTable {
  import_id: ImportId;
  account_id: AccountId;
  line: number;
  reason: string;
  column_name: string | null;
  same_as_line: number | null;
  number_key: NumberKey | null;
  original_sealed: Buffer | null;
}

export interface ImportRowsTable {
  import_id: ImportId;
  account_id: AccountId;
  line: number;
  contact_id: ContactId;
  number_key: NumberKey | null;
  number_sealed: Buffer | null;
  name_sealed: Buffer | null;
  variables_sealed: Buffer | null;
  language: Language | null;
  external_id: string | null;
  not_before: NullableInstant;
  not_after: NullableInstant;
  original_sealed: Buffer | null;
  reason: string | null;
  column_name: string | null;
  same_as_line: number | null;
  unsure_columns: string[] | null;
}

export interface ContactsTable {
  id: ContactId;
  account_id: AccountId;
  campaign_id: CampaignId;
  import_id: ImportId | null;
  number_key: NumberKey;
  number_sealed: Buffer | null;
  name_sealed: Buffer | null;
  variables_sealed: Buffer | null;
  language: Language;
  external_id: string | null;
  not_before: NullableInstant;
  not_after: NullableInstant;
  added_at: Instant;
  state: ContactState;
  due_class: Generated<DueClass>;
  next_attempt_at: NullableInstant;
  waiting_because: string | null;
  blocked_reason: string | null;
  disposition: string | null;
  attempts: Generated<number>;
  last_attempt_id: AttemptId | null;
  revision: Generated<number>;
  updated_at: Instant;
  erased_at: NullableInstant;
  single_call: Generated<boolean>;
}

export interface AttemptsTable {
  id: AttemptId;
  account_id: AccountId;
  campaign_id: CampaignId;
  contact_id: ContactId;
  number_key: NumberKey;
  ordinal: number;
  due_class: DueClass;
  token: string;
  state: AttemptState;
  from_number: string | null;
  planned_at: Instant;
  due_at: Instant;
  announced_at: NullableInstant;
  claimed_at: NullableInstant;
  lease_owner: string | null;
  lease_until: NullableInstant;
  send_after: NullableInstant;
  sent_at: NullableInstant;
  dialed_at: NullableInstant;
  ringing_at: NullableInstant;
  answered_at: NullableInstant;
  ended_at: NullableInstant;
  call_sid: CallSid | null;
  ending: CallEnding | null;
  bound_by: string | null;
  carrier_code: string | null;
  refusal_code: string | null;
  queue_time_ms: number | null;
  duration_seconds: number | null;
  answered_by: Generated<AnsweredBy>;
  hangup_by: HangupBy | null;
  failure_class: FailureClass | null;
  recording_consent: RecordingConsent | null;
  recording_sid: string | null;
  stream_opened_at: NullableInstant;
  stream_closed_at: NullableInstant;
  conversation_ended_at: NullableInstant;
  check_after: NullableInstant;
  checks: Generated<number>;
  reserved_paise: Generated<number>;
  cost_paise: number | null;
  disposition: string | null;
  settled_at: NullableInstant;
  settled_revision: number | null;
  revision: Generated<number>;
  fold: DefaultJsonOf<unknown>;
  updated_at: Instant;
}

export interface WebhookInboxTable {
  id: GeneratedAlways<number>;
  token: string | null;
  call_sid: CallSid;
  dedupe_key: string;
  fact: JsonOf<CallFact>;
  received_at: Instant;
  folded_at: NullableInstant;
  attempt_id: AttemptId | null;
}

export interface StreamTokensTable {
  token_hash: string;
  attempt_id: AttemptId;
  account_id: AccountId;
  expires_at: Instant;
  used_at: NullableInstant;
}

export interface PaceTable {
  key: string;
  next_at: Instant;
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

export interface ConversationsTable {
  attempt_id: AttemptId;
  account_id: AccountId;
  campaign_id: CampaignId;
  contact_id: ContactId;
  owner: string;
  started_at: Instant;
  last_alive_at: Instant;
  ended_at: NullableInstant;
  end_reason: EndReason | null;
  hangup_by: HangupBy | null;
  answered_by: AnsweredBy | null;
  language: Language;
  verified: Generated<boolean>;
  opted_out: Generated<boolean>;
  disposition: string | null;
  fields_sealed: Buffer | null;
  summary_sealed: Buffer | null;
  turns_sealed: Buffer | null;
  events_sealed: Buffer | null;
  turn_latencies: DefaultJsonOf<TurnLatency[]>;
  first_sound_ms: number | null;
  usage: DefaultJsonOf<Partial<VendorUsage>>;
  resumes: Generated<number>;
}

export interface OutcomesTable {
  contact_id: ContactId;
  account_id: AccountId;
  campaign_id: CampaignId;
  attempt_id: AttemptId;
  disposition: string;
  fields_sealed: Buffer | null;
  summary_sealed: Buffer | null;
  language: Language | null;
  answered_at: NullableInstant;
  duration_seconds: number | null;
  answered_by: AnsweredBy | null;
  hangup_by: HangupBy | null;
  failure_class: FailureClass | null;
  carrier_code: string | null;
  recording_consent: RecordingConsent | null;
  latency_p50_ms: number | null;
  latency_p95_ms: number | null;
  cost_paise: Generated<number>;
  first_attempt_at: NullableInstant;
  last_attempt_at: NullableInstant;
  attempts: number;
  revision: Generated<number>;
  recorded_at: Instant;
}

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
  kind: "registration" | "a2p_declaration";
  reference: string;
  provider: string | null;
  caller_numbers: Generated<string[]>;
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

export interface EvidenceTable {
  id: GeneratedAlways<number>;
  account_id: AccountId;
  campaign_id: CampaignId | null;
  contact_id: ContactId | null;
  attempt_id: AttemptId | null;
  number_key: NumberKey;
  at: Instant;
  ist: string;
  decision: "call" | "wait" | "never";
  code: string;
  caller_number: string | null;
  body: Json;
}

export interface EvidenceSealsTable {
  id: GeneratedAlways<number>;
  first_id: number;
  last_id: number;
  rows: number;
  hash: string;
  previous: string;
  sealed_at: Instant;
}

export interface WebhookEndpointsTable {
  id: WebhookEndpointId;
  account_id: AccountId;
  url: string;
  events: string[];
  secret_sealed: Buffer;
  state: Generated<"active" | "disabled">;
  disabled_because: string | null;
  failing_since: NullableInstant;
  created_at: Instant;
  deleted_at: NullableInstant;
}

export interface WebhookEventsTable {
  id: string;
  account_id: AccountId;
  type: string;
  subject_id: string;
  sequence: number;
  body: Json;
  body_sealed: Buffer | null;
  occurred_at: Instant;
  fanned_out_at: NullableInstant;
}

export interface WebhookDeliveriesTable {
  event_id: string;
  endpoint_id: WebhookEndpointId;
  account_id: AccountId;
  state: "waiting" | "delivered" | "failed";
  tries: Generated<number>;
  next_try_at: NullableInstant;
  lease_until: NullableInstant;
  last_status: number | null;
  last_error: string | null;
  delivered_at: NullableInstant;
}

export interface AuditLogTable {
  id: GeneratedAlways<number>;
  account_id: AccountId;
  api_key_id: ApiKeyId | null;
  at: Instant;
  action: string;
  subject_id: string | null;
  detail: DefaultJsonOf<unknown>;
}

export interface CampaignNotesTable {
  campaign_id: CampaignId;
  account_id: AccountId;
  reasons: DefaultJsonOf<unknown>;
  noted_at: Instant;
}

export interface BreakersTable {
  key: string;
  account_id: AccountId | null;
  opened_at: Instant;
  until: Instant;
  cause: string;
  detail: DefaultJsonOf<unknown>;
}

/** Every table of the database, one to one with `migrations/`. */
export interface Tables {
  accounts: AccountsTable;
  api_keys: ApiKeysTable;
  idempotency_keys: IdempotencyKeysTable;
  rate_limits: RateLimitsTable;
  campaigns: CampaignsTable;
  imports: ImportsTable;
  import_rejects: ImportRejectsTable;
  import_rows: ImportRowsTable;
  contacts: ContactsTable;
  attempts: AttemptsTable;
  webhook_inbox: WebhookInboxTable;
  stream_tokens: StreamTokensTable;
  pace: PaceTable;
  spend: SpendTable;
  caller_numbers: CallerNumbersTable;
  conversations: ConversationsTable;
  outcomes: OutcomesTable;
  suppressions: SuppressionsTable;
  scrub_runs: ScrubRunsTable;
  scrub_results: ScrubResultsTable;
  preferences: PreferencesTable;
  preference_imports: PreferenceImportsTable;
  sender_papers: SenderPapersTable;
  consents: ConsentsTable;
  contact_holds: ContactHoldsTable;
  evidence: EvidenceTable;
  evidence_seals: EvidenceSealsTable;
  webhook_endpoints: WebhookEndpointsTable;
  webhook_events: WebhookEventsTable;
  webhook_deliveries: WebhookDeliveriesTable;
  audit_log: AuditLogTable;
  campaign_notes: CampaignNotesTable;
  contact_tallies: ContactTalliesTable;
  planner_standings: PlannerStandingsTable;
  breakers: BreakersTable;
}
