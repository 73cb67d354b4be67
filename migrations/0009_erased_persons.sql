-- Persons who were erased do not come back with the next list: they are few and asked for at every import.

create index suppressions_of_erased on suppressions (account_id, number_key) where reason = 'erased' and number_sealed is null and lifted_at is null;
