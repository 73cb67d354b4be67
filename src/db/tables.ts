import type { Generated } from "kysely";
import type { AnsweredBy, AttemptState, FailureClass, HangupBy } from "../domain/attempt.ts";
import type { CallEnding } from "../domain/call-fact.ts";
import type { CampaignState } from "../domain/campaign.ts";
import type { ContactState, DueClass } from "../domain/contact.ts";
import type { EndReason, TurnLatency, VendorUsage } from "../domain/conversation.ts";
import type { DefinitionSource, Language } from "../domain/definition.ts";
import type { AccountId, AttemptId, CallSid, CampaignId, ContactId, ImportId } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";
import type { DefaultJsonOf, Instant, JsonOf, NullableInstant } from "./column-kinds.ts";
import type { AccountsTable, ApiKeysTable, AuditLogTable, IdempotencyKeysTable, RateLimitsTable } from "./tables-account.ts";
import type { BreakersTable, CallerNumbersTable, CarrierAccountTable, PaceTable, SpendTable, StreamTokensTable, WebhookInboxTable } from "./tables-dial.ts";
import type { RecordingDeletionsTable } from "./tables-erasure.ts";
import type { EvidenceSealsTable, EvidenceTable } from "./tables-evidence.ts";
import type { ContactTalliesTable, PlannerStandingsTable } from "./tables-planner.ts";
import type {
  ConsentsTable,
  ContactHoldsTable,
  PreferenceImportsTable,
  PreferencesTable,
  ScrubResultsTable,
  ScrubRunsTable,
  SenderPapersTable,
  SuppressionsTable,
} from "./tables-scrub.ts";
import type { WebhookDeliveriesTable, WebhookEndpointsTable, WebhookEventsTable } from "./tables-webhook.ts";

export type RecordingConsent = "given" | "refused" | "announced" | "not_asked";

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
  request_key: string | null;
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
  /** When we first heard that somebody picked up, by our own clock; `answered_at` is the carrier's word. */
  answer_heard_at: NullableInstant;
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
  progress: DefaultJsonOf<unknown>;
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

export interface CampaignNotesTable {
  campaign_id: CampaignId;
  account_id: AccountId;
  reasons: DefaultJsonOf<unknown>;
  noted_at: Instant;
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
  recording_deletions: RecordingDeletionsTable;
  carrier_account: CarrierAccountTable;
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
