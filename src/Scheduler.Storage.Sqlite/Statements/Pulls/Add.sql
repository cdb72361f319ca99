insert into pulls (gateway, pull_id, instance, recorded_at, keys) values (?1, ?2, ?3, ?4, ?5) on conflict do nothing
