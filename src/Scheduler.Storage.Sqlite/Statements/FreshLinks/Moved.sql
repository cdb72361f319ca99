insert into fresh_links_moved (bucket, place) values (?1, ?2) on conflict (bucket) do update set place = excluded.place
