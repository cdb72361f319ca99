using System.Collections.Immutable;
using NpgsqlTypes;

namespace Scheduler.Storage.Postgres.Commits;

/// <summary>Links to add or to remove.</summary>
internal sealed class LinkRows
{
    private readonly PackedColumn tenants;
    private readonly PackedColumn kinds;
    private readonly PackedColumn keys;
    private readonly PackedColumn ids;
    private readonly HashSet<DebtorLink> seen = [];

    public LinkRows(string statement)
    {
        Statement = new SetStatement(statement);
        tenants = Statement.Column(NpgsqlDbType.Text);
        kinds = Statement.Column(NpgsqlDbType.Smallint);
        keys = Statement.Column(NpgsqlDbType.Text);
        ids = Statement.Column(NpgsqlDbType.Text);
    }

    public SetStatement Statement { get; }

    /// <summary>Each of them once: nothing in the table refuses a second.</summary>
    public void AddEach(DebtorKey key, ImmutableArray<DebtorLink> links)
    {
        if (links.IsDefaultOrEmpty) return;
        seen.Clear();
        foreach (var link in links)
        {
            if (links.Length == 1 || seen.Add(link)) Add(key, link);
        }
    }

    private void Add(DebtorKey key, DebtorLink link)
    {
        tenants.Add(key.Tenant);
        kinds.Add((short)link.Kind);
        keys.Add(link.Key);
        ids.Add(key.Text);
    }
}
