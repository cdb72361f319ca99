delete from address_facts where tenant = $1 and digest = $2 and kind = $3 and channel = $4 and at <= $5
