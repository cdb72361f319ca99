select grain_type, grain_key, name, start_at, period_ms from reminders
