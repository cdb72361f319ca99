select id, version, due_at, row, slice from debtors
where slice / 64 = ?1 and lane = ?2 and due_at < ?3 and (due_at, row) > (?4, ?5) and slice between ?7 and ?8
order by due_at, row
limit ?6
