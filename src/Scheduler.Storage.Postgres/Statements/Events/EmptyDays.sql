select day from empty_event_days() as day limit $1
