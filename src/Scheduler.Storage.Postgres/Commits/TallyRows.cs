using NpgsqlTypes;

namespace Scheduler.Storage.Postgres.Commits;

/// <summary>Counters that a group moves.</summary>
internal sealed class TallyRows
{
    private readonly PackedColumn tenants;
    private readonly PackedColumn measures;
    private readonly PackedColumn changes;

    public TallyRows()
    {
        tenants = Statement.Column(NpgsqlDbType.Text);
        measures = Statement.Column(NpgsqlDbType.Text);
        changes = Statement.Column(NpgsqlDbType.Bigint);
    }

    public SetStatement Statement { get; } = new("Tallies/Add");

    public void Add(string tenant, string measure, long change)
    {
        tenants.Add(tenant);
        measures.Add(measure);
        changes.Add(change);
    }
}
