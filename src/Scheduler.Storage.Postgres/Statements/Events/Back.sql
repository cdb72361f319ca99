select seq, prev_seq, id, version, recorded_at, chain, payload from read_events_back($1, $2, $3, $4)
