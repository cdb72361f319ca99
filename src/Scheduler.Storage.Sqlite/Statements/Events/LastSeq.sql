select max(seq) from events
