insert into links (tenant, kind, key, id) select * from unnest($1, $2, $3, $4) on conflict do nothing
