select key, id from links where tenant = $1 and kind = $2 and (key, id) > ($3, $4) order by key, id limit $5
