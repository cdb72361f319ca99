-- No caller lists addresses: every page sorts what has gathered.
select key, id from links where tenant = ?1 and kind = ?2 and (key, id) > (?3, ?4)
union all
select key, id from fresh_address_links where tenant = ?1 and (key, id) > (?3, ?4)
order by key, id limit ?5
