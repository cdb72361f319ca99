delete from links l using unnest($1, $2, $3, $4) as r (tenant, kind, key, id)
where hashtextextended(l.key, 0) = hashtextextended(r.key, 0) and l.tenant = r.tenant and l.kind = r.kind and l.key = r.key and l.id = r.id
