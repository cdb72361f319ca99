using NpgsqlTypes;

namespace Scheduler.Storage.Postgres.Commits;

/// <summary>Counters that a group moves.</summary>
internal sealed class TallyRows
{
    private readonly List<string> tenants;
    private readonly List<string> measures;
    private readonly List<long> changes;

    public TallyRows()
    {
        tenants = Statement.Column<string>(NpgsqlDbType.Text);
        measures = Statement.Column<string>(NpgsqlDbType.Text);
        changes = Statement.Column<long>(NpgsqlDbType.Bigint);
    }

    public SetStatement Statement { get; } = new("Tallies/Add");

    public void Add(string tenant, string measure, long change)
    {
        tenants.Add(tenant);
        measures.Add(measure);
        changes.Add(change);
    }
}
