select (place >> 40) << 40 from fresh_address_links group by place >> 40 order by count(*) desc limit 1
