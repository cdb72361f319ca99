-- The index holds the order; the row is looked up only for what is taken.
select id, version, due_at, slice from debtors
where slice / 64 = ?1 and lane = ?2 and due_at >= ?3 and due_at <= ?4 and slice between ?6 and ?7
order by due_at
limit ?5
