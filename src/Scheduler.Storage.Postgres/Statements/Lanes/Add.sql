insert into lanes (tenant, channel, band) values ($1, $2, $3) on conflict do nothing
