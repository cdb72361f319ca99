select r.n, d.version, d.write_id, d.phase, d.lane, d.due_at, d.last_seq, d.state
from unnest($1, $2) with ordinality as r (slice, id, n)
join debtors d on d.slice = r.slice and d.id = r.id
