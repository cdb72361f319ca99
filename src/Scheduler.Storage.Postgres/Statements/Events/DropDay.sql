select drop_event_day($1)
