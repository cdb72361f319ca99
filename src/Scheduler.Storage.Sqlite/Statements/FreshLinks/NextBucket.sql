select place >> 40 from fresh_address_links where place >= ?1 order by place limit 1
