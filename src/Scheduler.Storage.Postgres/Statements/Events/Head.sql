select coalesce(last_event(), 0)
