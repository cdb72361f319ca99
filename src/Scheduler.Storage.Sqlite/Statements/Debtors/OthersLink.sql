-- Account ids and debt keys are one name space: either may be the other's. Two looks, because a list of kinds would be a table of its own for each look.
select 1 from links where tenant = ?1 and kind = 1 and key = ?2 and id <> ?3
union all
select 1 from links where tenant = ?1 and kind = 8 and key = ?2 and id <> ?3
limit 1
