insert into reminders (grain_type, grain_key, name, start_at, period_ms) values ($1, $2, $3, $4, $5)
on conflict (grain_type, grain_key, name) do update set start_at = excluded.start_at, period_ms = excluded.period_ms
