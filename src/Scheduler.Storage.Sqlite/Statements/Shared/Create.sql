insert into shared_counters (tenant, scope, version, write_id, state) values (?1, ?2, 1, ?3, ?4) on conflict do nothing
