-- Account ids and debt keys are one name space: either may be the other's.
select distinct r.n from unnest($1, $2, $3, $4) as r (n, tenant, key, id)
where exists (select from links l where l.tenant = r.tenant and l.kind in (1, 8) and l.key = r.key and l.id <> r.id)
