update shared_counters set version = version + 1, write_id = ?3, state = ?4 where tenant = ?1 and scope = ?2 and version = ?5
