insert into fresh_address_links (place, tenant, key, id) values (?1, ?2, ?3, ?4)
