-- Never an upsert: it would bring an erased debtor back.
insert into debtors (version, slice, id, write_id, phase, lane, due_at, last_seq, state)
select 1, r.* from unnest($1, $2, $3, $4, $5, $6, $7, $8) as r (slice, id, write_id, phase, lane, due_at, last_seq, state)
on conflict (slice, id) do nothing
returning write_id
