update epochs set policy = policy + $1, recovery = recovery + $2 returning policy, recovery
