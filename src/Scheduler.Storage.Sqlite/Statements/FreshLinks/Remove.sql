delete from fresh_address_links where place between ?1 and ?2 and tenant = ?3 and key = ?4 and id = ?5
