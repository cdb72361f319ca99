select 1 from links where tenant = ?1 and kind = ?2 and key = ?3 and id = ?4
