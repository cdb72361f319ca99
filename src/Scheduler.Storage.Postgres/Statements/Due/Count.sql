select lane, count(*), min(due_at) from debtors where due_at < $1 group by lane
