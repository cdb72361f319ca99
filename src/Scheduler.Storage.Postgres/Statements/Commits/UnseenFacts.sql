select distinct r.n from (select unnest($1) as n, unnest($2) as tenant, unnest($3) as digest, unnest($4) as seen) r
join address_facts f on f.tenant = r.tenant and f.digest = r.digest and f.seq > r.seen
