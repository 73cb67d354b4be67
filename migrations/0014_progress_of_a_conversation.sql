-- A conversation that is taken over goes on with the tries at verification that were left and with what was known of who answered.

alter table conversations add column progress jsonb not null default '{}';
