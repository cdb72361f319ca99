select seq, prev_seq, id, version, recorded_at, chain, payload from events where seq = ?1
