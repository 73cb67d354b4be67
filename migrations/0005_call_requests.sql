-- A call posted once is scheduled once, even when the process died after the call was written and before its answer was kept.

-- Keyed hash of the request's Idempotency-Key; null for calls posted without one and for contacts of lists.
alter table contacts add column request_key text;
create unique index contacts_by_request on contacts (account_id, request_key) where request_key is not null;
