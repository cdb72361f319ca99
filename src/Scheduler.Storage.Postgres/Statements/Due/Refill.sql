-- The index holds the order; the row is looked up only for what is taken.
select l.n, s.slice, d.id, d.version, d.due_at from unnest($1, $2) with ordinality as l (lane, due_from, n)
cross join generate_series($3, $4) as s (slice)
cross join lateral
(
    select id, version, due_at from debtors
    where slice = s.slice and lane = l.lane and due_at >= l.due_from and due_at <= $5
    order by due_at limit $6
) d
