-- A bounded bite: no transaction lives long.
delete from pulls where (gateway, pull_id) in (select gateway, pull_id from pulls where recorded_at < $1 limit $2)
