-- Of debtors who have just been created: there is none yet.
insert into links (tenant, kind, key, id) select unnest($1), unnest($2), unnest($3), unnest($4)
