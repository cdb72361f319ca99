-- The first few of every slice: enough for a page, since keys are spread evenly over the slices. The caller sees when it was not.
select d.id, d.version, d.write_id, d.phase, d.lane, d.due_at, d.last_seq, d.state, d.slice
from generate_series(0, 1023) as s (slice)
cross join lateral (select * from debtors where slice = s.slice and id > $1 and id < $2 order by id limit $3) d
order by d.id
limit $4
