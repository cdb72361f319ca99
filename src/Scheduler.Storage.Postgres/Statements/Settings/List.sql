select distinct on (key) key, version, value, actor, reason, at from settings where starts_with(key, $1) order by key, version desc
