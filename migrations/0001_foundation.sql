-- The tables of the whole story: accounts, lists, the attempt spine, what the carrier told, conversations, evidence.
-- Personal values are sealed from the first row: number_key (a keyed hash) joins, *_sealed is opened only to dial, show or export.

create table accounts (
  id              uuid primary key,
  name            text not null,
  data_key_sealed bytea not null,
  created_at      timestamptz not null,
  state           text not null default 'active' check (state in ('active', 'stopped')),
  stopped_because text,
  day_cap_paise   bigint check (day_cap_paise >= 0),
  weight          int not null default 1 check (weight between 1 and 1000)
);

create table api_keys (
  id           uuid primary key,
  account_id   uuid not null references accounts,
  name         text not null,
  key_id       text not null unique,
  secret_hash  text not null,
  scopes       text[] not null,
  created_at   timestamptz not null,
  expires_at   timestamptz,
  last_used_at timestamptz,
  revoked_at   timestamptz
);
create index api_keys_by_account on api_keys (account_id);

create table idempotency_keys (
  account_id   uuid not null references accounts,
  key          text not null,
  route        text not null,
  request_hash text,
  status       int,
  content_type text,
  body_sealed  bytea,
  held_until   timestamptz not null,
  created_at   timestamptz not null,
  primary key (account_id, key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);

-- One row per caller of the operator API: when its next request is due (GCRA). Losing it in a crash forgives one burst.
create unlogged table rate_limits (
  key    text primary key,
  due_at timestamptz not null
);

create table campaigns (
  id             uuid primary key,
  account_id     uuid not null references accounts,
  name           text not null,
  kind           text not null default 'list' check (kind in ('list', 'single_calls')),
  template       text,
  state          text not null check (state in ('draft', 'running', 'paused', 'finished', 'cancelled')),
  paused_because text,
  definition     jsonb not null,
  weight         int not null default 1 check (weight between 1 and 1000),
  acknowledged   text[] not null default '{}',
  created_at     timestamptz not null,
  started_at     timestamptz,
  finished_at    timestamptz,
  updated_at     timestamptz not null
);
create index campaigns_by_account on campaigns (account_id, id);
create index campaigns_running on campaigns (account_id) where state = 'running';
create unique index campaigns_single_calls on campaigns (account_id, template) where kind = 'single_calls';

create table imports (
  id                uuid primary key,
  account_id        uuid not null references accounts,
  campaign_id       uuid not null references campaigns,
  state             text not null check (state in ('running', 'done', 'failed')),
  on_duplicate      text not null check (on_duplicate in ('keep_first', 'replace', 'reject')),
  header            text[] not null default '{}',
  rows              int not null default 0,
  accepted          int not null default 0,
  rejected          int not null default 0,
  duplicates        int not null default 0,
  rejects_by_reason jsonb not null default '{}',
  created_at        timestamptz not null,
  finished_at       timestamptz,
  failure           text
);
create index imports_by_campaign on imports (campaign_id);

create table import_rejects (
  import_id       uuid not null references imports on delete cascade,
  account_id      uuid not null references accounts,
  line            int not null,
  reason          text not null,
  column_name     text,
  same_as_line    int,
  number_key      text collate "C",
  original_sealed bytea,
  primary key (import_id, line)
);
create index import_rejects_by_number on import_rejects (account_id, number_key) where number_key is not null;

-- Rows of a running import, checked and sealed, before one transaction merges or drops them all.
create unlogged table import_rows (
  import_id        uuid not null,
  account_id       uuid not null,
  line             int not null,
  contact_id       uuid not null,
  number_key       text collate "C",
  number_sealed    bytea,
  name_sealed      bytea,
  variables_sealed bytea,
  language         text,
  external_id      text,
  not_before       timestamptz,
  not_after        timestamptz,
  original_sealed  bytea,
  reason           text,
  column_name      text,
  same_as_line     int,
  unsure_columns   text[],
  primary key (import_id, line)
);

create table contacts (
  id               uuid primary key,
  account_id       uuid not null references accounts,
  campaign_id      uuid not null references campaigns,
  import_id        uuid references imports,
  number_key       text collate "C" not null,
  number_sealed    bytea,
  name_sealed      bytea,
  variables_sealed bytea,
  language         text not null,
  external_id      text,
  not_before       timestamptz,
  not_after        timestamptz,
  added_at         timestamptz not null,
  state            text not null check (state in ('waiting', 'planned', 'done', 'exhausted', 'blocked', 'held', 'cancelled')),
  due_class        text not null default 'fresh' check (due_class in ('callback', 'retry', 'fresh')),
  next_attempt_at  timestamptz,
  waiting_because  text,
  blocked_reason   text,
  disposition      text,
  attempts         int not null default 0,
  last_attempt_id  uuid,
  revision         int not null default 0,
  updated_at       timestamptz not null,
  erased_at        timestamptz,
  single_call      boolean not null default false,
  check (state <> 'waiting' or next_attempt_at is not null),
  check (state <> 'blocked' or blocked_reason is not null)
);
create unique index contacts_number_once on contacts (campaign_id, number_key) where not single_call;
create unique index contacts_single_call_open on contacts (campaign_id, number_key) where single_call and state in ('waiting', 'planned');
create index contacts_due on contacts (campaign_id, due_class, next_attempt_at, id) where state = 'waiting';
create index contacts_by_number on contacts (number_key);
create index contacts_by_campaign on contacts (campaign_id, id);
-- Partial, because a scrub that blocks many contacts pays for every index their rows stand in.
create index contacts_open on contacts (campaign_id, state) where state in ('waiting', 'planned', 'held');
create index contacts_external on contacts (account_id, external_id) where external_id is not null;

create table attempts (
  id                   uuid primary key,
  account_id           uuid not null references accounts,
  campaign_id          uuid not null references campaigns,
  contact_id           uuid not null references contacts,
  number_key           text collate "C" not null,
  ordinal              int not null,
  due_class            text not null check (due_class in ('callback', 'retry', 'fresh')),
  token                text not null unique,
  state                text not null check (state in ('planned', 'claimed', 'sending', 'ambiguous', 'held', 'dialed', 'ringing',
                                                     'in_progress', 'ended', 'rejected', 'refused', 'closed_unknown')),
  from_number          text,
  planned_at           timestamptz not null,
  due_at               timestamptz not null,
  announced_at         timestamptz,
  claimed_at           timestamptz,
  lease_owner          text,
  lease_until          timestamptz,
  send_after           timestamptz,
  sent_at              timestamptz,
  dialed_at            timestamptz,
  ringing_at           timestamptz,
  answered_at          timestamptz,
  ended_at             timestamptz,
  call_sid             text unique,
  ending               text check (ending in ('completed', 'busy', 'no_answer', 'failed', 'canceled')),
  bound_by             text,
  carrier_code         text,
  refusal_code         text,
  queue_time_ms        int,
  duration_seconds     int,
  answered_by          text not null default 'unknown',
  hangup_by            text,
  failure_class        text check (failure_class in ('callee', 'carrier', 'platform')),
  recording_consent    text check (recording_consent in ('given', 'refused', 'announced', 'not_asked')),
  recording_sid        text,
  stream_opened_at     timestamptz,
  stream_closed_at     timestamptz,
  conversation_ended_at timestamptz,
  check_after          timestamptz,
  checks               int not null default 0,
  reserved_paise       bigint not null default 0,
  cost_paise           bigint,
  disposition          text,
  settled_at           timestamptz,
  settled_revision     int,
  revision             int not null default 0,
  fold                 jsonb not null default '{}',
  updated_at           timestamptz not null
);
create unique index attempts_ordinal on attempts (contact_id, ordinal);
create unique index attempts_number_open on attempts (number_key)
  where state in ('claimed', 'sending', 'ambiguous', 'held', 'dialed', 'ringing', 'in_progress');
create unique index attempts_contact_unfinished on attempts (contact_id)
  where state not in ('ended', 'rejected', 'refused', 'closed_unknown');
create index attempts_open_by_account on attempts (account_id, campaign_id)
  where state in ('claimed', 'sending', 'ambiguous', 'held', 'dialed', 'ringing', 'in_progress');
create index attempts_planned on attempts (due_at) where state = 'planned';
create index attempts_to_check on attempts (check_after) where check_after is not null;
create index attempts_unsettled on attempts (ended_at) where settled_at is null and state in ('ended', 'rejected', 'closed_unknown');
create index attempts_by_number on attempts (number_key, sent_at);
create index attempts_by_campaign on attempts (campaign_id, sent_at);
create index attempts_recent on attempts (sent_at) where sent_at is not null;
create index attempts_reserved on attempts (account_id, campaign_id) where reserved_paise > 0;

-- What each campaign spent on each day of Asia/Kolkata. The database keeps it in step with attempts.cost_paise itself,
-- so that asking a cap never means summing all calls.
create table spend (
  campaign_id  uuid not null references campaigns on delete cascade,
  account_id   uuid not null references accounts,
  day          date not null,
  amount_paise bigint not null,
  primary key (campaign_id, day)
);
create index spend_by_account on spend (account_id, day);

create function add_spend() returns trigger language plpgsql as $$
begin
  insert into spend (campaign_id, account_id, day, amount_paise)
  values (new.campaign_id, new.account_id, (coalesce(new.sent_at, new.updated_at) at time zone 'Asia/Kolkata')::date,
          coalesce(new.cost_paise, 0) - coalesce(old.cost_paise, 0))
  on conflict (campaign_id, day) do update set amount_paise = spend.amount_paise + excluded.amount_paise;
  return null;
end $$;
create trigger attempts_spend after update of cost_paise on attempts
  for each row when (coalesce(old.cost_paise, 0) <> coalesce(new.cost_paise, 0)) execute function add_spend();

-- What the carrier told, as it came, without numbers; (call_sid, kind, sequence) once.
create table webhook_inbox (
  id          bigint generated always as identity primary key,
  token       text,
  call_sid    text not null,
  dedupe_key  text not null unique,
  fact        jsonb not null,
  received_at timestamptz not null,
  folded_at   timestamptz,
  attempt_id  uuid references attempts
);
create index webhook_inbox_unfolded on webhook_inbox (id) where folded_at is null;
create index webhook_inbox_waiting on webhook_inbox (token) where folded_at is null;
create index webhook_inbox_by_attempt on webhook_inbox (attempt_id);
create index webhook_inbox_by_call on webhook_inbox (call_sid);

create table stream_tokens (
  token_hash text primary key,
  attempt_id uuid not null references attempts,
  account_id uuid not null references accounts,
  expires_at timestamptz not null,
  used_at    timestamptz
);

create index stream_tokens_by_attempt on stream_tokens (attempt_id);

-- Even pacing shared by every dialer: one row per carrier account, campaign and caller number. Nothing leaves before
-- `next_at`; `even_at` is when the next call would leave if none had ever been late. `strikes` counts the carrier's "too
-- many requests" since it last took a call.
create table pace (
  key     text primary key,
  next_at timestamptz not null,
  even_at timestamptz not null,
  strikes int not null default 0
);

create table caller_numbers (
  account_id       uuid not null references accounts,
  number           text not null,
  last_used_at     timestamptz,
  cooling_until    timestamptz,
  cooling_because  text,
  recent_calls     int not null default 0,
  recent_failures  int not null default 0,
  primary key (account_id, number)
);

create table conversations (
  attempt_id       uuid primary key references attempts,
  account_id       uuid not null references accounts,
  campaign_id      uuid not null references campaigns,
  contact_id       uuid not null references contacts,
  owner            text not null,
  started_at       timestamptz not null,
  last_alive_at    timestamptz not null,
  ended_at         timestamptz,
  end_reason       text,
  hangup_by        text,
  answered_by      text,
  language         text not null,
  verified         boolean not null default false,
  opted_out        boolean not null default false,
  disposition      text,
  fields_sealed    bytea,
  summary_sealed   bytea,
  turns_sealed     bytea,
  events_sealed    bytea,
  turn_latencies   jsonb not null default '[]',
  first_sound_ms   int,
  usage            jsonb not null default '{}',
  resumes          int not null default 0
);
create index conversations_unfinished on conversations (last_alive_at) where ended_at is null;

create table outcomes (
  contact_id         uuid primary key references contacts,
  account_id         uuid not null references accounts,
  campaign_id        uuid not null references campaigns,
  attempt_id         uuid not null references attempts,
  disposition        text not null,
  fields_sealed      bytea,
  summary_sealed     bytea,
  language           text,
  answered_at        timestamptz,
  duration_seconds   int,
  answered_by        text,
  hangup_by          text,
  failure_class      text,
  carrier_code       text,
  recording_consent  text,
  latency_p50_ms     int,
  latency_p95_ms     int,
  cost_paise         bigint not null default 0,
  first_attempt_at   timestamptz,
  last_attempt_at    timestamptz,
  attempts           int not null,
  revision           int not null default 1,
  recorded_at        timestamptz not null
);
create index outcomes_by_campaign on outcomes (campaign_id, contact_id);
create index outcomes_by_time on outcomes (campaign_id, recorded_at);

-- account_id null: the platform's own list, which no account may lift.
create table suppressions (
  id            uuid primary key,
  account_id    uuid references accounts,
  number_key    text collate "C" not null,
  number_sealed bytea,
  reason        text not null,
  source        text not null,
  created_at    timestamptz not null,
  lifted_at     timestamptz
);
create unique index suppressions_once on suppressions (account_id, number_key) nulls not distinct where lifted_at is null;
create index suppressions_by_number on suppressions (number_key);

create table scrub_runs (
  id              uuid primary key,
  account_id      uuid not null references accounts,
  campaign_id     uuid not null references campaigns,
  provider        text not null,
  reference       text not null,
  category        int,
  scrubbed_at     timestamptz not null,
  expires_at      timestamptz not null,
  submitted_count int not null,
  blocked_count   int not null,
  list_hash       text not null,
  created_at      timestamptz not null,
  unique (account_id, provider, reference)
);
create index scrub_runs_by_campaign on scrub_runs (campaign_id, scrubbed_at);

-- Which contacts a run covered and what it said of each.
create table scrub_results (
  run_id     uuid not null references scrub_runs on delete cascade,
  account_id uuid not null references accounts,
  number_key text collate "C" not null,
  blocked    boolean not null,
  primary key (run_id, number_key)
);

-- The subscriber's own wishes, as imported. Shared by the accounts of one operator is not allowed: account_id on each row.
-- No foreign key to accounts: asking it for each of twenty million rows takes longer than writing them, accounts are never
-- removed, and every import of rows is itself a row of preference_imports, which has one.
create table preferences (
  account_id uuid not null,
  number_key text collate "C" not null,
  scheme     text not null check (scheme in ('full_block', 'block_promo', 'partial', 'legacy', 'none')),
  categories smallint[] not null default '{}',
  modes      smallint[] not null default '{}',
  bands      smallint[] not null default '{}',
  days       smallint[] not null default '{}',
  updated_at timestamptz not null,
  import_id  uuid,
  primary key (account_id, number_key)
);

create table preference_imports (
  id         uuid primary key,
  account_id uuid not null references accounts,
  rows       int not null default 0,
  accepted   int not null default 0,
  rejected   int not null default 0,
  rejects    jsonb not null default '[]',
  created_at timestamptz not null,
  list_hash  text
);

-- Papers of the sender: registration, A2P declaration naming caller numbers.
create table sender_papers (
  id            uuid primary key,
  account_id    uuid not null references accounts,
  kind          text not null check (kind in ('registration', 'a2p_declaration')),
  reference     text not null,
  provider      text,
  caller_numbers text[] not null default '{}',
  valid_from    timestamptz not null,
  valid_until   timestamptz,
  created_at    timestamptz not null
);
create index sender_papers_by_account on sender_papers (account_id, kind);

create table consents (
  id          uuid primary key,
  account_id  uuid not null references accounts,
  number_key  text collate "C" not null,
  basis       text not null check (basis in ('inferred', 'explicit', 'enquiry', 'dca')),
  purpose     text,
  reference   text,
  registered_on_dlt boolean not null default false,
  given_at    timestamptz not null,
  ends_at     timestamptz,
  revoked_at  timestamptz,
  created_at  timestamptz not null
);
create index consents_by_number on consents (account_id, number_key, basis);

-- Complaint, dispute, hardship, bereavement, a wish about hours: what an operator or a conversation recorded about a person.
create table contact_holds (
  id          uuid primary key,
  account_id  uuid not null references accounts,
  number_key  text collate "C" not null,
  kind        text not null check (kind in ('complaint', 'dispute', 'hardship', 'bereavement', 'not_party', 'hours')),
  detail      jsonb not null default '{}',
  starts_at   timestamptz not null,
  ends_at     timestamptz,
  created_at  timestamptz not null
);
create index contact_holds_by_number on contact_holds (account_id, number_key);

-- Numbers evidence so that it can be sealed without holding up the gate: a transaction has its own number before it takes
-- one here. Once every transaction that ran when row n was seen is over, no row up to n can appear any more.
create sequence evidence_ids;
create function next_evidence_id() returns bigint language plpgsql as $$
begin
  perform pg_current_xact_id();
  return nextval('evidence_ids');
end $$;

-- Why each call was allowed or refused. Append-only; the chain is sealed in the background.
create table evidence (
  id            bigint primary key default next_evidence_id(),
  account_id    uuid not null references accounts,
  campaign_id   uuid,
  contact_id    uuid,
  attempt_id    uuid,
  number_key    text collate "C" not null,
  at            timestamptz not null,
  ist           text not null,
  decision      text not null check (decision in ('call', 'wait', 'never')),
  code          text not null,
  caller_number text,
  body          jsonb not null
);
create index evidence_by_number on evidence (account_id, number_key, id);
create index evidence_by_campaign on evidence (campaign_id, id);
create index evidence_by_contact on evidence (contact_id, id) where contact_id is not null;
create index evidence_by_time on evidence (account_id, at, id);

-- One link of the chain per stretch of evidence: all rows after the stretch before, up to last_id. `digests` holds, row by
-- row, the id (8 bytes) and the head of the row's SHA-256 (8 bytes), so that a changed row can be named.
create table evidence_seals (
  id           bigint primary key,
  first_id     bigint not null unique,
  last_id      bigint not null unique,
  rows         int not null,
  digests      bytea not null,
  hash         text not null,
  previous     text not null unique,
  signature    text not null,
  sealed_at    timestamptz not null
);

create table webhook_endpoints (
  id              uuid primary key,
  account_id      uuid not null references accounts,
  url             text not null,
  events          text[] not null,
  secret_sealed   bytea not null,
  state           text not null default 'active' check (state in ('active', 'disabled')),
  disabled_because text,
  failing_since   timestamptz,
  created_at      timestamptz not null,
  deleted_at      timestamptz
);
create index webhook_endpoints_by_account on webhook_endpoints (account_id) where deleted_at is null;

-- The outbox: one row per event and endpoint, written with the fact it tells.
create table webhook_events (
  id           uuid primary key,
  account_id   uuid not null references accounts,
  type         text not null,
  subject_id   uuid not null,
  sequence     int not null,
  body         jsonb not null,
  body_sealed  bytea,
  occurred_at  timestamptz not null,
  fanned_out_at timestamptz
);
create index webhook_events_new on webhook_events (id) where fanned_out_at is null;
create index webhook_events_by_account on webhook_events (account_id, id);
create index webhook_events_by_age on webhook_events (occurred_at);

create table webhook_deliveries (
  event_id        uuid not null references webhook_events on delete cascade,
  endpoint_id     uuid not null references webhook_endpoints,
  account_id      uuid not null references accounts,
  state           text not null check (state in ('waiting', 'delivered', 'failed')),
  tries           int not null default 0,
  next_try_at     timestamptz,
  lease_until     timestamptz,
  last_status     int,
  last_error      text,
  delivered_at    timestamptz,
  primary key (event_id, endpoint_id)
);
create index webhook_deliveries_due on webhook_deliveries (endpoint_id, next_try_at, event_id) where state = 'waiting';

create table audit_log (
  id         bigint generated always as identity primary key,
  account_id uuid not null references accounts,
  api_key_id uuid,
  at         timestamptz not null,
  action     text not null,
  subject_id text,
  detail     jsonb not null default '{}',
  previous   text not null,
  hash       text not null
);
create index audit_log_by_account on audit_log (account_id, id);

-- Small facts about the running deployment: the planner's reasons, the breaker, heartbeat of processes.
create table campaign_notes (
  campaign_id uuid primary key references campaigns on delete cascade,
  account_id  uuid not null references accounts,
  reasons     jsonb not null default '[]',
  noted_at    timestamptz not null
);

create table breakers (
  key          text primary key,
  account_id   uuid references accounts,
  opened_at    timestamptz not null,
  until        timestamptz not null,
  cause        text not null,
  detail       jsonb not null default '{}'
);
