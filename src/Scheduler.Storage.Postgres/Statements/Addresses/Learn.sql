insert into address_facts (tenant, digest, kind, channel, at) values ($1, $2, $3, $4, $5) on conflict do nothing
