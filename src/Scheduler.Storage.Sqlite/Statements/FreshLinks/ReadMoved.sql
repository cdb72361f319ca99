select bucket, place from fresh_links_moved
