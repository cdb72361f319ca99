-- Account ids and debt keys are one name space: either may be the other's.
select 1 from links where tenant = ?1 and kind in (1, 8) and key = ?2 and id <> ?3 limit 1
