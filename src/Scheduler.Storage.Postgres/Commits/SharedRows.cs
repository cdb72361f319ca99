using NpgsqlTypes;

namespace Scheduler.Storage.Postgres.Commits;

/// <summary>Shared counters to create or to update.</summary>
internal sealed class SharedRows
{
    private readonly List<string> tenants;
    private readonly List<string> scopes;
    private readonly List<Guid> writeIds;
    private readonly List<ReadOnlyMemory<byte>> states;
    private readonly List<long>? expected;

    public SharedRows(bool isUpdate)
    {
        Statement = new SetStatement(isUpdate ? "Shared/Update" : "Shared/Create");
        tenants = Statement.Column<string>(NpgsqlDbType.Text);
        scopes = Statement.Column<string>(NpgsqlDbType.Text);
        writeIds = Statement.Column<Guid>(NpgsqlDbType.Uuid);
        states = Statement.Column<ReadOnlyMemory<byte>>(NpgsqlDbType.Bytea);
        if (isUpdate) expected = Statement.Column<long>(NpgsqlDbType.Bigint);
    }

    public SetStatement Statement { get; }

    public void Add(SharedWrite write)
    {
        tenants.Add(write.Key.Tenant);
        scopes.Add(write.Key.Scope);
        writeIds.Add(write.WriteId);
        states.Add(write.State);
        expected?.Add(write.ExpectedVersion);
    }
}

/// <summary>Which shared counters to look up, with their places in the group.</summary>
internal sealed class SharedKeyRows
{
    private readonly List<int> places;
    private readonly List<string> tenants;
    private readonly List<string> scopes;

    public SharedKeyRows()
    {
        places = Statement.Column<int>(NpgsqlDbType.Integer);
        tenants = Statement.Column<string>(NpgsqlDbType.Text);
        scopes = Statement.Column<string>(NpgsqlDbType.Text);
    }

    public SetStatement Statement { get; } = new("Shared/Identities");

    public void Add(int place, SharedKey key)
    {
        places.Add(place);
        tenants.Add(key.Tenant);
        scopes.Add(key.Scope);
    }
}
