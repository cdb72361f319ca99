-- What is known of an address, by its keyed digest: stops, wrong and reassigned numbers, erased persons.
-- Numbers of facts are never used again: a write says up to which one it has looked.
create table address_facts
(
    seq integer primary key autoincrement,
    tenant text not null,
    digest text not null,
    kind integer not null check (kind > 0),
    channel integer not null,
    at integer not null,
    unique (tenant, digest, kind, channel)
) strict;
