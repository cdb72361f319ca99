-- A snapshot is taken by the first read of a transaction.
select 1 from links limit 1
