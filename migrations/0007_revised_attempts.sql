-- What the carrier told late is looked for every few seconds: never by reading every attempt there ever was.

create index attempts_revised on attempts (id) where settled_at is not null and revision > coalesce(settled_revision, 0);
