-- Which of the group's pulls stand as they were sent: written now, or by an earlier send.
select r.n from unnest($1, $2, $3, $4, $5, $6) as r (n, gateway, pull_id, instance, recorded_at, keys)
join pulls p on p.gateway = r.gateway and p.pull_id = r.pull_id and p.instance = r.instance and p.recorded_at = r.recorded_at and p.keys = r.keys
