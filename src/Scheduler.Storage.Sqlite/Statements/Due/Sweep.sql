select id, version, due_at, row from debtors
where slice = ?1 and lane = ?2 and due_at < ?3 and (due_at, row) > (?4, ?5)
order by due_at, row
limit ?6
