-- Upkeep took a fifth of the server's time under load. Half of it was the counting of values in columns that no plan asks about: sealed states, payloads,
-- hashes. The other half was vacuum coming back at every fiftieth row that had changed; an index forgets old versions of a row by itself meanwhile.
alter table debtors
    alter column version set statistics 0, alter column last_seq set statistics 0, alter column write_id set statistics 0,
    alter column phase set statistics 0, alter column id set statistics 10, alter column state set statistics 0,
    alter column slice set statistics 10, alter column lane set statistics 10, alter column due_at set statistics 10;

alter table debtors set
(
    autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_scale_factor = 0.1, autovacuum_analyze_threshold = 10000, autovacuum_analyze_scale_factor = 0.2
);

alter table links
    alter column tenant set statistics 10, alter column kind set statistics 10, alter column key set statistics 10, alter column id set statistics 0;

alter index links_key alter column 1 set statistics 10;

alter table links set (autovacuum_analyze_threshold = 10000, autovacuum_analyze_scale_factor = 0.5);

-- Rows of the log are found by their number alone.
alter table events
    alter column seq set statistics 0, alter column prev_seq set statistics 0, alter column version set statistics 0,
    alter column recorded_at set statistics 0, alter column id set statistics 0, alter column chain set statistics 0, alter column payload set statistics 0;

-- As before; and what is said of columns above holds for the partitions that are there, so each new one is told.
create or replace function make_event_day(day bigint) returns boolean language plpgsql security definer set search_path from current as $$
declare
    today bigint := floor(extract(epoch from clock_timestamp()) / 86400);
begin
    if day < today or day > today + 14 then
        return false;
    end if;
    execute format('create table if not exists %I partition of events for values from (%s) to (%s)', event_day_name(day), day << 36, (day + 1) << 36);
    execute format(
        'alter table %I alter column seq set statistics 0, alter column prev_seq set statistics 0, alter column version set statistics 0, '
        'alter column recorded_at set statistics 0, alter column id set statistics 0, alter column chain set statistics 0, alter column payload set statistics 0',
        event_day_name(day));
    return true;
end
$$;
