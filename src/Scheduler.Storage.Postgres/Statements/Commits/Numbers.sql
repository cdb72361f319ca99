select take_event_numbers($1)
