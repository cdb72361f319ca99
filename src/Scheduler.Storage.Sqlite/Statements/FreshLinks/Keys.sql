select keys from fresh_links where place = ?1
