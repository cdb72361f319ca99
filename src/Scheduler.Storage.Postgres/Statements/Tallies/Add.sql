insert into tallies (tenant, measure, part, value)
select r.tenant, r.measure, pg_backend_pid() % 64, r.change from unnest($1, $2, $3) as r (tenant, measure, change)
on conflict (tenant, measure, part) do update set value = tallies.value + excluded.value
