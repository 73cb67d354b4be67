-- A cancelled campaign for single calls is over like any other; the next call of its template gets a new one.

drop index campaigns_single_calls;
create unique index campaigns_single_calls on campaigns (account_id, template) where kind = 'single_calls' and state <> 'cancelled';
