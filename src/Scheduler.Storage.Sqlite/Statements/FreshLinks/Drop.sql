delete from fresh_address_links where place between ?1 and ?2
