-- Waits for the groups in flight and lets none begin until this transaction has ended.
select pg_advisory_xact_lock(2)::text
