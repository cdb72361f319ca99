-- One row per debtor. The due index is part of the row, so it is never out of step with the state.
-- An erased debtor's row stays as a tombstone: its version, the fence, never goes back.
create table debtors
(
    version bigint not null check (version > 0),
    last_seq bigint not null,
    due_at bigint,
    write_id uuid not null,
    lane integer,
    phase smallint not null,
    slice smallint not null check (slice between 0 and 1023),
    id text collate "C" not null check (length(id) between 3 and 257),
    state bytea not null check (length(state) <= 8192),
    primary key (slice, id),
    check (due_at is null or lane is not null)
)
with
(
    fillfactor = 80,
    autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 1,
    autovacuum_vacuum_insert_scale_factor = 0.2, autovacuum_analyze_scale_factor = 0.05,
    toast.autovacuum_vacuum_threshold = 1000, toast.autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_cost_delay = 1
);

-- Personal fields are sealed: there is nothing to compress.
alter table debtors alter column state set storage external;

create index debtors_due on debtors (slice, lane, due_at) where due_at is not null;

-- One row per decision; each points at its debtor's previous one. The day that a number was taken on is in its high bits
-- (see take_event_numbers), so that a partition is a day and a row is found by its number alone.
create table events
(
    seq bigint not null primary key,
    prev_seq bigint not null check (prev_seq < seq),
    version bigint not null,
    recorded_at bigint not null,
    id text collate "C" not null,
    chain bytea not null check (length(chain) = 32),
    payload bytea not null
)
partition by range (seq);

alter table events alter column payload set storage external;

-- Takes what has no partition of its day: a row is never refused because upkeep is late.
create table events_other partition of events default;

create sequence event_numbers as bigint;

-- A block of numbers for one transaction. Numbers rise in the order in which blocks are taken, and each block is announced by an advisory lock under
-- its first number, negated, until its transaction has ended: readers of the log stop before the lowest announced block (settled_event_number).
create function take_event_numbers(count integer) returns bigint language plpgsql as $$
declare
    first bigint;
begin
    perform pg_advisory_lock(1);
    select greatest(last_value + 1, floor(extract(epoch from clock_timestamp()) / 86400)::bigint << 36) into first from event_numbers;
    perform pg_advisory_xact_lock(-first);
    perform setval('event_numbers', first + count - 1);
    perform pg_advisory_unlock(1);
    return first;
end
$$;

-- Every number up to this one belongs to a transaction that has ended. The last number is read before the announcements: a block up to it was announced
-- before it was taken, so it is either still announced or over.
create function settled_event_number() returns bigint language plpgsql as $$
declare
    taken bigint;
    running bigint;
begin
    select last_value into taken from event_numbers;
    select min(-((classid::bigint << 32) | objid::bigint)) into running from pg_locks
    where locktype = 'advisory' and objsubid = 1 and classid::bigint >= 2147483648
        and database = (select oid from pg_database where datname = current_database());
    return least(taken, running - 1);
end
$$;

-- Each statement of this function sees what was committed before it, so the rows are read after the border was fixed.
create function read_events(after bigint, upto bigint, take integer) returns setof events language plpgsql as $$
declare
    settled bigint := settled_event_number();
begin
    return query select * from events where seq > after and seq <= least(settled, upto) order by seq limit take;
end
$$;

create function last_event() returns bigint language plpgsql as $$
declare
    settled bigint := settled_event_number();
begin
    return (select seq from events where seq <= settled order by seq desc limit 1);
end
$$;

-- A debtor's own rows, newest first.
create function read_events_back(of_slice smallint, of_id text, last bigint, take integer) returns setof events language plpgsql as $$
declare
    row events;
    next bigint := coalesce(last, (select last_seq from debtors where slice = of_slice and id = of_id));
begin
    while take > 0 and next > 0 loop
        select * into row from events where seq = next;
        exit when not found or row.id <> of_id;
        return next row;
        next := row.prev_seq;
        take := take - 1;
    end loop;
end
$$;

-- The payload of the debtor's row becomes the checkpoint, those of its older rows become empty, back to the first that is empty already: behind it all are.
-- Rows stay: their chain hashes are what later rows build on. Answers the rows changed; 0 where the row is not what the caller thinks it is.
create function drop_events(of_id text, upto bigint, of_chain bytea, checkpoint bytea) returns integer language plpgsql as $$
declare
    row events;
    changed integer := 0;
begin
    select * into row from events where seq = upto for update;
    if not found or row.id <> of_id or row.chain <> of_chain or length(row.payload) = 0 then
        return 0;
    end if;
    loop
        update events set payload = case when changed = 0 then checkpoint else ''::bytea end where seq = row.seq;
        changed := changed + 1;
        exit when row.prev_seq = 0;
        select * into row from events where seq = row.prev_seq;
        exit when not found or row.id <> of_id or length(row.payload) = 0;
    end loop;
    return changed;
end
$$;

create table links
(
    tenant text collate "C" not null,
    kind smallint not null check (kind > 0),
    key text collate "C" not null,
    id text collate "C" not null,
    primary key (tenant, kind, key, id)
);

create table pulls
(
    gateway text collate "C" not null,
    pull_id text collate "C" not null,
    instance text not null,
    recorded_at bigint not null,
    keys text not null,
    primary key (gateway, pull_id)
);

create index pulls_recorded on pulls (recorded_at);

create table lanes
(
    lane integer generated always as identity primary key,
    tenant text collate "C" not null,
    channel text collate "C" not null,
    band integer not null,
    unique (tenant, channel, band)
);

-- Each connection adds to rows of its own (part), or two commits in flight would wait for each other here.
create table tallies
(
    tenant text collate "C" not null,
    measure text collate "C" not null,
    part smallint not null,
    value bigint not null,
    primary key (tenant, measure, part)
)
with (fillfactor = 50, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0.1);

create table epochs
(
    one integer primary key check (one = 1),
    policy bigint not null,
    recovery bigint not null
);

insert into epochs (one, policy, recovery) values (1, 1, 1);

create table settings
(
    key text collate "C" not null,
    version bigint not null check (version > 0),
    value bytea not null,
    actor text not null,
    reason text not null,
    at bigint not null,
    primary key (key, version)
);

create table reminders
(
    grain_type text collate "C" not null,
    grain_key text collate "C" not null,
    name text collate "C" not null,
    start_at bigint not null,
    period_ms bigint not null check (period_ms > 0),
    primary key (grain_type, grain_key, name)
);

-- What is known of an address, by its keyed digest: stops, wrong and reassigned numbers, erased persons.
-- Numbers of facts are never used again: a write says up to which one it has looked.
create table address_facts
(
    seq bigint generated always as identity primary key,
    tenant text collate "C" not null,
    digest text collate "C" not null,
    kind integer not null check (kind > 0),
    channel integer not null,
    at bigint not null,
    unique (tenant, digest, kind, channel)
);

-- Counters wider than one debtor: what each party of an account, a debt or a household adds, as one value that storage does not look into.
create table shared_counters
(
    tenant text collate "C" not null,
    scope text collate "C" not null,
    version bigint not null check (version > 0),
    write_id uuid not null,
    state bytea not null check (length(state) <= 131072),
    primary key (tenant, scope)
)
with (fillfactor = 80, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0.05);

alter table shared_counters alter column state set storage external;

-- Every row due before an instant, walking slice by slice and lane by lane, so that only due rows are read.
create function sweep_due(first_slice integer, end_slice integer, before bigint, take integer,
    at_slice integer, at_lane integer, at_due bigint, at_id text)
returns table (slice smallint, lane integer, due_at bigint, id text, version bigint) language plpgsql as $$
declare
    walk_lane integer;
    is_at boolean;
    found_rows integer;
begin
    for walk_slice in greatest(first_slice, at_slice) .. end_slice - 1 loop
        for walk_lane in select l.lane from lanes l order by l.lane loop
            continue when walk_slice = at_slice and walk_lane < at_lane;
            is_at := walk_slice = at_slice and walk_lane = at_lane;
            return query select d.slice, d.lane, d.due_at, d.id, d.version from debtors d
                where d.slice = walk_slice and d.lane = walk_lane and d.due_at < before and (not is_at or (d.due_at, d.id) > (at_due, at_id))
                order by d.due_at, d.id limit take;
            get diagnostics found_rows = row_count;
            take := take - found_rows;
            exit when take <= 0;
        end loop;
        exit when take <= 0;
    end loop;
end
$$;
