select count(*), coalesce(max(place & 0xffffffffff), 0) from fresh_address_links
