select seq, prev_seq, id, version, recorded_at, chain, payload from events where seq > ?1 order by seq limit ?2
