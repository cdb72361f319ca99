-- Held to the end of the transaction: an epoch advances, and a fact about an address is recorded, between groups and never beside one.
select pg_advisory_xact_lock_shared(2)::text
