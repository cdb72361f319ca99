select last_seq from debtors where id = ?1
