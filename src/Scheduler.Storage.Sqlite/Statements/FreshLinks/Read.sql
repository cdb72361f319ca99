select place, id, keys from fresh_links order by place
