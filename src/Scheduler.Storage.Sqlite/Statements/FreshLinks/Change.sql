update fresh_links set keys = ?2 where place = ?1
