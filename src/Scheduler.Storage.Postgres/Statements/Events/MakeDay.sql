select make_event_day($1)
