-- Never an upsert: it would bring an erased debtor back.
insert into debtors (id, slice, version, write_id, phase, lane, due_at, last_seq, state)
values (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8)
on conflict (id) do nothing
