-- Partitions of the log are made and taken away by functions of the schema's owner, so that a host may run as a role that owns nothing.

create function event_day_name(day bigint) returns text language sql stable as $$
    select 'events_' || to_char(to_timestamp(day * 86400) at time zone 'UTC', 'YYYYMMDD')
$$;

-- The day must not be further ahead than a fortnight: nobody fills the schema with days.
create function make_event_day(day bigint) returns boolean language plpgsql security definer set search_path from current as $$
declare
    today bigint := floor(extract(epoch from clock_timestamp()) / 86400);
begin
    if day < today or day > today + 14 then
        return false;
    end if;
    execute format('create table if not exists %I partition of events for values from (%s) to (%s)', event_day_name(day), day << 36, (day + 1) << 36);
    return true;
end
$$;

-- Days that are over, with a partition and, as far as this statement sees, without a row. The day before today counts as not over: a transaction that
-- took its numbers before midnight may still be under way.
create function empty_event_days() returns setof bigint language plpgsql security definer set search_path from current as $$
declare
    today bigint := floor(extract(epoch from clock_timestamp()) / 86400);
    partition record;
    is_empty boolean;
begin
    for partition in
        select i.inhrelid::regclass as name, d.day from pg_inherits i
        join pg_class c on c.oid = i.inhrelid
        cross join lateral (select floor(extract(epoch from to_date(substr(c.relname, 8), 'YYYYMMDD')::timestamp) / 86400)::bigint as day) d
        where i.inhparent = 'events'::regclass and c.relname ~ '^events_\d{8}$' and d.day < today - 1
        order by d.day
    loop
        execute format('select not exists (select from %s)', partition.name) into is_empty;
        if is_empty then
            return next partition.day;
        end if;
    end loop;
end
$$;

-- Takes away the partition of a day that is over, unless it holds a row. Whoever is writing is waited for, and whoever comes then waits until this
-- transaction has ended: what is seen here is the last word. A number of that day that still came, from a clock set back, would go to events_other.
create function drop_event_day(day bigint) returns boolean language plpgsql security definer set search_path from current as $$
declare
    today bigint := floor(extract(epoch from clock_timestamp()) / 86400);
    name text := event_day_name(day);
    is_empty boolean;
begin
    lock table only events in access exclusive mode;
    if day >= today - 1 or not exists (select from pg_inherits where inhparent = 'events'::regclass and inhrelid = to_regclass(name)) then
        return false;
    end if;
    execute format('select not exists (select from %I)', name) into is_empty;
    if is_empty then
        execute format('drop table %I', name);
    end if;
    return is_empty;
end
$$;
