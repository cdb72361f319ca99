select r.n, c.version, c.write_id, 0::bigint from unnest($1, $2, $3) as r (n, tenant, scope)
join shared_counters c on c.tenant = r.tenant and c.scope = r.scope
