-- Rows that fall due at about the same time stand side by side: by single slices, each write would touch a page of its own for its due instant.
drop index debtors_due;
create index debtors_due on debtors (slice / 64, lane, due_at) where due_at is not null;
