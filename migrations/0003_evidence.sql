-- Evidence and the audit log cannot be changed or removed: a trigger refuses it to everybody, and the role of the service may only read and add.

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
end $$;

create trigger evidence_append_only before update or delete or truncate on evidence
  for each statement execute function refuse_change();
create trigger evidence_seals_append_only before update or delete or truncate on evidence_seals
  for each statement execute function refuse_change();
create trigger audit_log_append_only before update or delete or truncate on audit_log
  for each statement execute function refuse_change();

-- The role under which the service works; the role that migrates keeps the tables. A database whose administrator made the
-- role beforehand, or keeps the right to make roles, is left with what it has.
do $$
begin
  if not exists (select from pg_roles where rolname = 'dialer_service') then
    create role dialer_service nologin;
  end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then raise notice 'role dialer_service was not made: the right to make roles is missing';
end $$;

do $$
begin
  if not exists (select from pg_roles where rolname = 'dialer_service') then return; end if;
  if not pg_has_role(current_user, 'dialer_service', 'set') then
    execute format('grant dialer_service to %I', current_user);
  end if;
  grant usage on schema public to dialer_service;
  grant select, insert, update, delete on all tables in schema public to dialer_service;
  grant usage, select on all sequences in schema public to dialer_service;
  alter default privileges in schema public grant select, insert, update, delete on tables to dialer_service;
  alter default privileges in schema public grant usage, select on sequences to dialer_service;
  revoke update, delete, truncate on evidence, evidence_seals, audit_log from dialer_service;
  revoke insert, update, delete, truncate on schema_migrations from dialer_service;
end $$;
