select max(place) from (select place from fresh_address_links where place >= ?1 order by place limit ?2)
