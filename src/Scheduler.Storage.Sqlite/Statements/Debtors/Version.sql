select version from debtors where id = ?1
