-- What the planner and progress read instead of counting contacts: tallies kept by the database, and where everybody stands in the sharing.

-- How many contacts of a campaign are in which state, for which reason. Every change appends its differences, so that
-- changes of one campaign never wait for each other; the planner adds the rows of a campaign together from time to time.
-- The truth is the sum: `sum(contacts)` by the other columns.
create table contact_tallies (
  id          bigint generated always as identity primary key,
  account_id  uuid not null references accounts,
  campaign_id uuid not null references campaigns on delete cascade,
  state       text not null,
  due_class   text not null,
  reason      text,
  contacts    bigint not null
);
create index contact_tallies_by_campaign on contact_tallies (campaign_id);

create function contact_reason(state text, waiting_because text, blocked_reason text, disposition text) returns text
language sql immutable as $$
  select case state when 'waiting' then waiting_because when 'blocked' then blocked_reason
    when 'done' then disposition when 'exhausted' then disposition when 'held' then disposition end
$$;

create function tally_contacts() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into contact_tallies (account_id, campaign_id, state, due_class, reason, contacts)
    select c.account_id, c.campaign_id, c.state, c.due_class, contact_reason(c.state, c.waiting_because, c.blocked_reason, c.disposition), count(*)
    from after_change c group by 1, 2, 3, 4, 5;
  elsif tg_op = 'DELETE' then
    insert into contact_tallies (account_id, campaign_id, state, due_class, reason, contacts)
    select c.account_id, c.campaign_id, c.state, c.due_class, contact_reason(c.state, c.waiting_because, c.blocked_reason, c.disposition), -count(*)
    from before_change c group by 1, 2, 3, 4, 5;
  else
    insert into contact_tallies (account_id, campaign_id, state, due_class, reason, contacts)
    select d.account_id, d.campaign_id, d.state, d.due_class, d.reason, sum(d.difference)
    from (
      select c.account_id, c.campaign_id, c.state, c.due_class, contact_reason(c.state, c.waiting_because, c.blocked_reason, c.disposition) as reason, 1 as difference from after_change c
      union all
      select c.account_id, c.campaign_id, c.state, c.due_class, contact_reason(c.state, c.waiting_because, c.blocked_reason, c.disposition), -1 from before_change c
    ) d
    group by 1, 2, 3, 4, 5 having sum(d.difference) <> 0;
  end if;
  return null;
end $$;

create trigger contacts_tally_insert after insert on contacts
  referencing new table as after_change for each statement execute function tally_contacts();
create trigger contacts_tally_update after update on contacts
  referencing old table as before_change new table as after_change for each statement execute function tally_contacts();
create trigger contacts_tally_delete after delete on contacts
  referencing old table as before_change for each statement execute function tally_contacts();

-- Virtual time of the fair sharing: one row per account (campaign_id null) and per campaign that received calls of late.
create table planner_standings (
  account_id         uuid not null references accounts,
  campaign_id        uuid references campaigns on delete cascade,
  pass               double precision not null,
  passed_over_retry  int not null default 0,
  passed_over_fresh  int not null default 0,
  unique nulls not distinct (account_id, campaign_id)
);

-- Cancelled campaigns whose contacts are still being taken back.
create index campaigns_winding_down on campaigns (id) where state = 'cancelled' and finished_at is null;

-- Who turned against a sender of late: asked for every campaign at every tick.
create index suppressions_of_promotional_calls on suppressions (account_id, created_at) where source = 'promotional_call';
create index contact_holds_complaints on contact_holds (account_id, starts_at) where kind = 'complaint';
