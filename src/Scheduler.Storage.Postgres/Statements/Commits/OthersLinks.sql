-- Account ids and debt keys are one name space: either may be the other's.
-- One kind and a limit in each branch: two looks into the index for each row. As a join, or with both kinds in one condition, it was planned over
-- all links of the tenant.
select distinct r.n from unnest($1, $2, $3, $4) as r (n, tenant, key, id)
cross join lateral (
    (select 1 from links l where l.tenant = r.tenant and l.kind = 1 and l.key = r.key and l.id <> r.id limit 1)
    union all
    (select 1 from links l where l.tenant = r.tenant and l.kind = 8 and l.key = r.key and l.id <> r.id limit 1)
) as other
