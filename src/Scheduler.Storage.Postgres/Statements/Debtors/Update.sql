update debtors d
set version = d.version + 1, write_id = r.write_id, phase = r.phase, lane = r.lane, due_at = r.due_at, last_seq = r.last_seq, state = r.state
from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) as r (slice, id, write_id, phase, lane, due_at, last_seq, state, expected)
where d.slice = r.slice and d.id = r.id and d.version = r.expected
returning d.write_id
