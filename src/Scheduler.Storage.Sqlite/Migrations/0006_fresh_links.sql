-- What gathered in key order gathers in order of arrival: an insert there is at the end of the table. The order by keys is the writer's, in memory.

-- Links of addresses that one write added, each key on a line of its own.
create table fresh_links
(
    place integer primary key,
    id text not null,
    keys text not null
) strict;

-- Up to which place, inclusive, the links of a bucket stand in the large table.
create table fresh_links_moved
(
    bucket integer primary key,
    place integer not null
) strict;

insert into fresh_links (place, id, keys)
select row_number() over (order by place), id, key from fresh_address_links where key <> '' and key not glob '*[^ -~]*';

insert into links (tenant, kind, key, id)
select tenant, 3, key, id from fresh_address_links where key = '' or key glob '*[^ -~]*' on conflict do nothing;

drop table fresh_address_links;
