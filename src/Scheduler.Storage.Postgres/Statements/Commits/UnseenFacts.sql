select distinct r.n from unnest($1, $2, $3, $4) as r (n, tenant, digest, seen)
join address_facts f on f.tenant = r.tenant and f.digest = r.digest and f.seq > r.seen
