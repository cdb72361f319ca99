-- A look for each, in a subquery that stays one: as a join it may be planned over all links.
insert into links (tenant, kind, key, id)
select * from (select unnest($1) as tenant, unnest($2) as kind, unnest($3) as key, unnest($4) as id) r
where
(
    select true from links l
    where hashtextextended(l.key, 0) = hashtextextended(r.key, 0) and l.tenant = r.tenant and l.kind = r.kind and l.key = r.key and l.id = r.id
    limit 1
) is null
