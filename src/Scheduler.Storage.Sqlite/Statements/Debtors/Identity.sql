-- What a row that was not written looks like now: ours already, somebody else's, or absent.
select version, write_id, last_seq from debtors where id = ?1
