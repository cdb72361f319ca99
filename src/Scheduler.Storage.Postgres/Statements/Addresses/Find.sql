select f.digest, f.kind, f.channel, f.at, f.seq from unnest($2) with ordinality as r (digest, n)
join address_facts f on f.tenant = $1 and f.digest = r.digest
order by r.n, f.seq
