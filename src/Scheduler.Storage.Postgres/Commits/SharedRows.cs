using NpgsqlTypes;

namespace Scheduler.Storage.Postgres.Commits;

/// <summary>Shared counters to create or to update.</summary>
internal sealed class SharedRows
{
    private readonly PackedColumn tenants;
    private readonly PackedColumn scopes;
    private readonly PackedColumn writeIds;
    private readonly PackedColumn states;
    private readonly PackedColumn? expected;

    public SharedRows(bool isUpdate)
    {
        Statement = new SetStatement(isUpdate ? "Shared/Update" : "Shared/Create");
        tenants = Statement.Column(NpgsqlDbType.Text);
        scopes = Statement.Column(NpgsqlDbType.Text);
        writeIds = Statement.Column(NpgsqlDbType.Uuid);
        states = Statement.Column(NpgsqlDbType.Bytea);
        if (isUpdate) expected = Statement.Column(NpgsqlDbType.Bigint);
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
    private readonly PackedColumn places;
    private readonly PackedColumn tenants;
    private readonly PackedColumn scopes;

    public SharedKeyRows()
    {
        places = Statement.Column(NpgsqlDbType.Integer);
        tenants = Statement.Column(NpgsqlDbType.Text);
        scopes = Statement.Column(NpgsqlDbType.Text);
    }

    public SetStatement Statement { get; } = new("Shared/Identities");

    public void Add(int place, SharedKey key)
    {
        places.Add(place);
        tenants.Add(key.Tenant);
        scopes.Add(key.Scope);
    }
}
