select version, state from shared_counters where tenant = $1 and scope = $2
