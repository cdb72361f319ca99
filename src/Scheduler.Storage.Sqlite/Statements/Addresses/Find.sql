select kind, channel, at, seq from address_facts where tenant = ?1 and digest = ?2 order by seq
