select id from links where tenant = ?1 and kind = ?2 and key = ?3
union all
select id from fresh_address_links where place between ?4 and ?5 and tenant = ?1 and key = ?3
order by id
