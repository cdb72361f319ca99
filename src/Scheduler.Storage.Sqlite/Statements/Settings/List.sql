select key, version, value, actor, reason, at from settings as s
where substr(key, 1, length(?1)) = ?1 and version = (select max(version) from settings where key = s.key)
order by key
