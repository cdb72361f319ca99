select id from links where tenant = $1 and kind = $2 and key = $3 order by id
