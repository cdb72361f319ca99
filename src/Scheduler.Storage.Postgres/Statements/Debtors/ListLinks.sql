-- The first half has the index of listed kinds; the second runs for other kinds alone, and sorts.
select key, id from
(
    (select key, id from links where kind >= 9 and tenant = $1 and kind = $2 and (key, id) > ($3, $4) order by key, id limit $5)
    union all
    (select key, id from links where $2 < 9 and tenant = $1 and kind = $2 and (key, id) > ($3, $4) order by key, id limit $5)
) l
order by key, id limit $5
