-- One row per debtor. The due index is part of the row, so it is never out of step with the state.
-- An erased debtor's row stays as a tombstone: its version, the fence, never goes back.
create table debtors
(
    row integer primary key,
    id text not null unique check (instr(id, char(0)) = 0 and length(id) between 3 and 257),
    slice integer not null check (slice between 0 and 1023),
    version integer not null check (version > 0),
    write_id blob not null check (length(write_id) = 16),
    phase integer not null,
    lane integer,
    due_at integer check (due_at is null or lane is not null),
    last_seq integer not null,
    state blob not null check (length(state) <= 8192)
) strict;

create index debtors_due on debtors (slice, lane, due_at) where due_at is not null;

-- One row per decision; each points at its debtor's previous one.
create table events
(
    seq integer primary key,
    prev_seq integer not null check (prev_seq < seq),
    id text not null,
    version integer not null,
    recorded_at integer not null,
    chain blob not null check (length(chain) = 32),
    payload blob not null
) strict;

create table links
(
    tenant text not null,
    kind integer not null check (kind > 0),
    key text not null check (instr(key, char(0)) = 0),
    id text not null,
    primary key (tenant, kind, key, id)
) strict, without rowid;

create table pulls
(
    gateway text not null check (instr(gateway, char(0)) = 0),
    pull_id text not null check (instr(pull_id, char(0)) = 0),
    instance text not null check (instr(instance, char(0)) = 0),
    recorded_at integer not null,
    keys text not null check (instr(keys, char(0)) = 0),
    primary key (gateway, pull_id)
) strict, without rowid;

create index pulls_recorded on pulls (recorded_at);

create table lanes
(
    lane integer primary key,
    tenant text not null,
    channel text not null,
    band integer not null,
    unique (tenant, channel, band)
) strict;

create table tallies
(
    tenant text not null,
    measure text not null,
    value integer not null,
    primary key (tenant, measure)
) strict, without rowid;

create table epochs
(
    one integer primary key check (one = 1),
    policy integer not null,
    recovery integer not null
) strict;

insert into epochs (one, policy, recovery) values (1, 1, 1);

create table settings
(
    key text not null,
    version integer not null check (version > 0),
    value blob not null,
    actor text not null,
    reason text not null,
    at integer not null,
    primary key (key, version)
) strict;

create table reminders
(
    grain_type text not null,
    grain_key text not null,
    name text not null,
    start_at integer not null,
    period_ms integer not null check (period_ms > 0),
    primary key (grain_type, grain_key, name)
) strict, without rowid;
