select seq, prev_seq, id, version, recorded_at, chain, payload from read_events($1, 9223372036854775807, $2)
