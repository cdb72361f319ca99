using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Scheduler.Grains.Operations;

/// <summary>Counts since the process started; the same numbers go out as metrics named <c>contact_*</c>.</summary>
public sealed class ContactCounters : IDisposable
{
    public const string MeterName = "Scheduler.Contact";

    private readonly ConcurrentDictionary<string, Tick> _ticks = new(StringComparer.Ordinal);
    private readonly CommitCounts _commits = new();

    public ContactCounters()
    {
        Instruments = new ContactInstruments(Meter);
        // Known from the start, so that a count that stays at nothing is shown as nothing.
        foreach (var name in CounterNames.All) _ticks.TryAdd(name, new Tick(Create(name, Meter)));
    }

    public ContactInstruments Instruments { get; }

    internal Meter Meter { get; } = new(MeterName);

    /// <param name="name">Without the prefix: "dispatches_leased". A bounded vocabulary, rule ids included.</param>
    public void Add(string name, long count = 1)
    {
        var tick = _ticks.GetOrAdd(name, static (name, meter) => new Tick(Create(name, meter)), Meter);
        Interlocked.Add(ref tick.Total.Value, count);
        tick.Counter?.Add(count);
    }

    /// <summary>These that have counted anything, and the sums of the group committer.</summary>
    public ImmutableSortedDictionary<string, long> Read()
    {
        var counters = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var (name, tick) in _ticks)
        {
            if (Interlocked.Read(ref tick.Total.Value) is > 0 and var total) counters[name] = total;
        }

        _commits.AddTo(counters);
        return counters.ToImmutable();
    }

    public void Dispose()
    {
        _commits.Dispose();
        Meter.Dispose();
    }

    /// <summary>Refusals by rule go out as a label of the decisions: a metric's name holds no rule.</summary>
    private static Counter<long>? Create(string name, Meter meter) => name.StartsWith(CounterNames.RefusedBy, StringComparison.Ordinal)
        ? null
        : meter.CreateCounter<long>($"contact_{name}_total", "{count}", $"Count of {name.Replace('_', ' ')} since the process started.");

    private sealed record Tick(Counter<long>? Counter)
    {
        public StrongBox<long> Total { get; } = new();
    }
}

/// <summary>The names of the counters, of every room: one that stands here is known from the start, and the manual must name it.</summary>
public static class CounterNames
{
    public const string EntriesCreated = "entries_created";
    public const string EntriesApplied = "entries_applied";
    public const string Wakes = "wakes";
    public const string Offers = "offers";
    public const string OffersDoubled = "offers_doubled";
    public const string OffersDropped = "offers_dropped";
    public const string OffersLapsed = "offers_lapsed";
    public const string Leased = "dispatches_leased";
    public const string LeasesRefused = "leases_refused";
    public const string LeasesReleased = "leases_released";
    public const string LeasesRevoked = "leases_revoked";
    public const string Outcomes = "outcomes_recorded";
    public const string Receipts = "receipts_recorded";
    public const string Signals = "signals_recorded";
    public const string WritesFailed = "writes_failed";
    public const string WriteConflicts = "write_conflicts";
    public const string SharedConflicts = "shared_conflicts";
    public const string FoundBySweep = "found_by_sweep";
    public const string PullsReplayed = "pulls_replayed";
    public const string Replanned = "debtors_replanned";
    public const string ReplansFailed = "debtors_not_replanned";
    public const string Erased = "debtors_erased";
    public const string Quarantined = "debtors_quarantined";
    public const string RecordsDropped = "records_dropped";
    public const string DropsFailed = "debtors_not_dropped";
    public const string RefusedBy = "refused_by.";

    /// <summary>Every name that stands alone.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        .. typeof(CounterNames).GetFields(BindingFlags.Public | BindingFlags.Static).Where(static f => f.IsLiteral).Select(static f => (string)f.GetRawConstantValue()!)
            .Where(static name => !name.EndsWith('.')).Order(StringComparer.Ordinal),
    ];
}
