-- The index holds the order; the row is looked up only for what is taken.
select id, version, due_at from debtors
where slice = ?1 and lane = ?2 and due_at >= ?3 and due_at <= ?4
order by due_at
limit ?5
