select row, id, version, write_id, phase, lane, due_at, last_seq, state from debtors where row > ?1 order by row limit ?2
