select id, version, write_id, phase, lane, due_at, last_seq, state from debtors where id > ?1 and id < ?2 order by id limit ?3
