insert into events (seq, prev_seq, version, recorded_at, id, chain, payload)
select unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6), unnest($7)
