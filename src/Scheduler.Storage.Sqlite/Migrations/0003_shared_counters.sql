-- Counters wider than one debtor: what each party of an account, a debt or a household adds, as one value that storage does not look into.
create table shared_counters
(
    tenant text not null check (instr(tenant, char(0)) = 0),
    scope text not null check (instr(scope, char(0)) = 0),
    version integer not null check (version > 0),
    write_id blob not null check (length(write_id) = 16),
    state blob not null check (length(state) <= 131072),
    primary key (tenant, scope)
) strict, without rowid;
