update debtors
set version = version + 1, write_id = ?1, phase = ?2, lane = ?3, due_at = ?4, last_seq = ?5, state = ?6
where id = ?7 and version = ?8
