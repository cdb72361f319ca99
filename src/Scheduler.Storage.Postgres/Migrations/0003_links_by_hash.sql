-- A debtor brings half a dozen links, and their keys are random: an index of whole rows cost more than all the rest of a write. Eight bytes of hash take a
-- quarter of the space, and comparing them costs next to nothing. That a row is there once follows from who adds it: only a transaction that has just
-- written the debtor's row, and so has its lock.
alter table links drop constraint links_pkey;
alter table links set (autovacuum_vacuum_insert_scale_factor = 0.2, autovacuum_analyze_scale_factor = 0.1);
create index links_key on links (hashtextextended(key, 0));

-- Kinds that are listed (contacts of which nobody knows how they went, debtors in quarantine), in the order of the list.
create index links_listed on links (tenant, kind, key, id) where kind >= 9;
