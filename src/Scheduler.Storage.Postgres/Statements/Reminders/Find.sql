select grain_type, grain_key, name, start_at, period_ms from reminders where grain_type = $1 and grain_key = $2 and name = $3
