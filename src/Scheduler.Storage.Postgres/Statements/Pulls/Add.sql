insert into pulls (gateway, pull_id, instance, recorded_at, keys) select * from unnest($1, $2, $3, $4, $5) on conflict do nothing
