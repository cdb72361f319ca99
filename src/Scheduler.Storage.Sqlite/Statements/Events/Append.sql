insert into events (seq, prev_seq, id, version, recorded_at, chain, payload) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
