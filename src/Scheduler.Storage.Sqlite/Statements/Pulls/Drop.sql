-- A bounded bite: the writer must not be held for long.
delete from pulls where (gateway, pull_id) in (select gateway, pull_id from pulls where recorded_at < ?1 limit ?2)
