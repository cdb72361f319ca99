select policy, recovery from epochs
