update shared_counters c set version = c.version + 1, write_id = r.write_id, state = r.state
from unnest($1, $2, $3, $4, $5) as r (tenant, scope, write_id, state, expected)
where c.tenant = r.tenant and c.scope = r.scope and c.version = r.expected
returning c.write_id
