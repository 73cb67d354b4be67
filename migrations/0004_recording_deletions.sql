-- Recordings of erased persons lie with the carrier: what is to be deleted there, asked again until the carrier has nothing left.

create table recording_deletions (
  attempt_id    uuid primary key references attempts,
  account_id    uuid not null references accounts,
  call_sid      text not null,
  recording_sid text,
  asked_at      timestamptz not null,
  due_at        timestamptz not null,
  tries         int not null default 0,
  last_error    text,
  done_at       timestamptz
);
create index recording_deletions_due on recording_deletions (due_at) where done_at is null;
