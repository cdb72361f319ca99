-- Links of addresses come under random keys: each would touch a page of its own in the large table. They gather here, side by side with those of like keys,
-- and go over in runs of like keys. place = a bucket by the key's first two characters, then forty bits that count up.
create table fresh_address_links
(
    place integer primary key,
    tenant text not null,
    key text not null check (instr(key, char(0)) = 0),
    id text not null
) strict;
