select version, write_id, phase, lane, due_at, last_seq, state from debtors where id = ?1
