select 1 from links where tenant = ?1 and kind = 3 and key = ?2 and id = ?3
union all
select 1 from fresh_address_links where place between ?4 and ?5 and tenant = ?1 and key = ?2 and id = ?3
limit 1
