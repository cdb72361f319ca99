insert into shared_counters (tenant, scope, version, write_id, state)
select r.tenant, r.scope, 1, r.write_id, r.state from unnest($1, $2, $3, $4) as r (tenant, scope, write_id, state)
on conflict do nothing
returning write_id
