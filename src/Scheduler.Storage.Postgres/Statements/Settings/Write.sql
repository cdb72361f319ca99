insert into settings (key, version, value, actor, reason, at)
select $1, $2 + 1, $3, $4, $5, $6 where $2 = coalesce((select max(version) from settings where key = $1), 0)
on conflict do nothing
