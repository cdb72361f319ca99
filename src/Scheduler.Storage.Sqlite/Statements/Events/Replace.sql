update events set payload = ?2 where seq = ?1
