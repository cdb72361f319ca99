select key, version, value, actor, reason, at from settings where key = $1 order by version desc
