-- What lists say lasts as long as it counts: a blocked number over all runs of the day, a register row by its own date, a withdrawal over all consents given before it.

create index scrub_runs_counting on scrub_runs (campaign_id, expires_at);
create index scrub_runs_by_reference on scrub_runs (account_id, lower(provider), lower(reference));

-- The day for which a row of the register speaks; an import of older rows does not undo it.
alter table preferences add column dated date;

-- Whether the person withdrew every consent of this basis that had been given by then, or this one alone.
alter table consents add column withdrawn_whole boolean not null default false;
update consents set withdrawn_whole = true where revoked_at is not null;
