-- What rows that were not written look like now: ours already, somebody else's, or absent.
select r.n, d.version, d.write_id, d.last_seq from unnest($1, $2, $3) as r (n, slice, id)
join debtors d on d.slice = r.slice and d.id = r.id
