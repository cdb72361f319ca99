update debtors d
set version = d.version + 1, write_id = r.write_id, phase = r.phase, lane = r.lane, due_at = r.due_at, last_seq = r.last_seq, state = r.state
from
(
    select unnest($1) as slice, unnest($2) as id, unnest($3) as write_id, unnest($4) as phase, unnest($5) as lane, unnest($6) as due_at,
        unnest($7) as last_seq, unnest($8) as state, unnest($9) as expected
) r
where d.slice = r.slice and d.id = r.id and d.version = r.expected
returning d.write_id
