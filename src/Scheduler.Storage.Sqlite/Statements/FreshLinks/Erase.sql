delete from fresh_links where id in (select value from json_each(?1))
