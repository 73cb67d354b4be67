-- Indexes for what is asked regularly, and none for what nobody asks.

create index webhook_inbox_folded on webhook_inbox (folded_at) where folded_at is not null;
create index webhook_events_by_subject on webhook_events (subject_id);
drop index webhook_inbox_by_attempt;
drop index webhook_inbox_by_call;
drop index outcomes_by_time;
alter table attempts drop column conversation_ended_at;
