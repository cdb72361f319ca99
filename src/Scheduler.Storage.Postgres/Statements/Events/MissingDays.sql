-- Days since 1970 from today on, by the database's clock, that have no partition yet.
select d.day from
    (select floor(extract(epoch from clock_timestamp()) / 86400)::bigint + ahead as day from generate_series(0, $1) as ahead) d
where to_regclass('events_' || to_char(to_timestamp(d.day * 86400) at time zone 'UTC', 'YYYYMMDD')) is null
order by d.day
