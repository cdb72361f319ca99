-- Account ids and debt keys are one name space: either may be the other's.
-- A look into the index for each row: as a join, it was planned over all links of the tenant.
select distinct r.n from (select unnest($1) as n, unnest($2) as tenant, unnest($3) as key, unnest($4) as id) r
cross join lateral
(
    select true from links l
    where hashtextextended(l.key, 0) = hashtextextended(r.key, 0) and l.tenant = r.tenant and l.key = r.key and l.kind in (1, 8) and l.id <> r.id
    limit 1
) as other
