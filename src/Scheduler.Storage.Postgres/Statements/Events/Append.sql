insert into events (seq, prev_seq, version, recorded_at, id, chain, payload) select * from unnest($1, $2, $3, $4, $5, $6, $7)
