insert into tallies (tenant, measure, value) values (?1, ?2, ?3)
on conflict (tenant, measure) do update set value = value + excluded.value
