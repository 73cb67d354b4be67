-- A callback that cannot be folded is tried again less and less often, and set aside when it breaks a constraint every time.

alter table webhook_inbox
  add column failures int not null default 0,
  add column retry_at timestamptz,
  add column parked_at timestamptz,
  add column parked_because text;
create index webhook_inbox_parked on webhook_inbox (parked_at) where parked_at is not null;
