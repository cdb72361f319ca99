-- In the order of the large table: rows that go to one page go there together.
insert into links (tenant, kind, key, id)
select tenant, 3, key, id from fresh_address_links where place between ?1 and ?2 order by tenant, key, id
on conflict do nothing
