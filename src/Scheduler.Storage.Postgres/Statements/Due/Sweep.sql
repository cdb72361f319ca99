select slice, lane, due_at, id, version from sweep_due($1, $2, $3, $4, $5, $6, $7, $8)
