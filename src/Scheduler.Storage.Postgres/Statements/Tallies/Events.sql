select coalesce(sum(value), 0)::bigint from tallies where measure = 'events'
