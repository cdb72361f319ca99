insert into fresh_links (place, id, keys) values (?1, ?2, ?3)
