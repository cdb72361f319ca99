select id, version, write_id, phase, lane, due_at, last_seq, state, slice from debtors
where (slice, id) > ($1, $2) order by slice, id limit $3
