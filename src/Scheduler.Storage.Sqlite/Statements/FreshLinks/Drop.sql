delete from fresh_links where place < ?1
