select id from links where hashtextextended(key, 0) = hashtextextended($3, 0) and tenant = $1 and kind = $2 and key = $3 order by id
