using System.Globalization;
using System.Runtime.InteropServices;

namespace Scheduler.Storage.Tallies;

/// <summary>Sums the tally differences of a group's written rows: a few counter rows per group instead of an index entry per debtor.</summary>
public sealed class TallyChanges
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

    /// <summary>What has changed, in one order for all groups: two of them never wait for each other's counters.</summary>
    public IEnumerable<(string Tenant, string Measure, long Change)> Read() => changes
        .Where(static change => change.Value != 0)
        .OrderBy(static change => change.Key.Tenant, StringComparer.Ordinal).ThenBy(static change => change.Key.Measure, StringComparer.Ordinal)
        .Select(static change => (change.Key.Tenant, change.Key.Measure, change.Value));

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
