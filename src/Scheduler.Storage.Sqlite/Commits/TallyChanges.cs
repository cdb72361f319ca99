using System.Globalization;
using System.Runtime.InteropServices;
using Scheduler.Storage.Sqlite.Connections;

namespace Scheduler.Storage.Sqlite.Commits;

/// <summary>Sums the tally differences of a group's written rows: a few counter rows per group instead of an index entry per debtor.</summary>
internal sealed class TallyChanges
{
    private readonly Dictionary<(string Tenant, string Measure), long> changes = [];
    private readonly Dictionary<int, string> phaseMeasures = [];

    public void Clear() => changes.Clear();

    public void Add(DebtorWrite write)
    {
        var tenant = write.Key.Tenant;
        var before = write.TallyBefore.GetValueOrDefault();
        var after = write.Tally;
        if (write.TallyBefore is null || before.Phase != after.Phase)
        {
            if (write.TallyBefore is not null) Add(tenant, PhaseMeasure(before.Phase), -1);
            Add(tenant, PhaseMeasure(after.Phase), 1);
        }

        Add(tenant, TallyMeasures.AccountsIn, after.AccountsIn - before.AccountsIn);
        Add(tenant, TallyMeasures.Waiting, after.Waiting - before.Waiting);
        Add(tenant, TallyMeasures.Leased, after.Leased - before.Leased);
        Add(tenant, TallyMeasures.Refused, after.Refused - before.Refused);
        Add(tenant, TallyMeasures.Finished, after.Finished - before.Finished);
    }

    public void Write(Statement statement)
    {
        foreach (var ((tenant, measure), change) in changes)
        {
            if (change != 0) statement.Bind(1, tenant).Bind(2, measure).Bind(3, change).Run();
        }
    }

    private void Add(string tenant, string measure, int change)
    {
        if (change != 0) CollectionsMarshal.GetValueRefOrAddDefault(changes, (tenant, measure), out _) += change;
    }

    private string PhaseMeasure(int phase)
    {
        if (!phaseMeasures.TryGetValue(phase, out var measure))
            phaseMeasures.Add(phase, measure = TallyMeasures.PhasePrefix + phase.ToString(CultureInfo.InvariantCulture));
        return measure;
    }
}
