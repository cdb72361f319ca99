insert into links (tenant, kind, key, id) values (?1, ?2, ?3, ?4) on conflict do nothing
