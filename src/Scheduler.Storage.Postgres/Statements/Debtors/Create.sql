-- Never an upsert: it would bring an erased debtor back.
insert into debtors (version, slice, id, write_id, phase, lane, due_at, last_seq, state)
select 1, unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6), unnest($7), unnest($8)
on conflict (slice, id) do nothing
returning write_id
