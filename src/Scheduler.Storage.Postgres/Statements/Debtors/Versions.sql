select r.n, d.version from unnest($1, $2) with ordinality as r (slice, id, n)
join debtors d on d.slice = r.slice and d.id = r.id
