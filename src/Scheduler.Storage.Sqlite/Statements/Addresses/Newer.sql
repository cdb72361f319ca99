select 1 from address_facts where tenant = ?1 and digest = ?2 and seq > ?3 limit 1
