using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace Scheduler.Grains.Operations;

/// <summary>Counts since the process started; the same numbers go out as metrics named <c>contact_*</c>.</summary>
public sealed class ContactCounters : IDisposable
{
    public const string MeterName = "Scheduler.Contact";

    private readonly Meter _meter = new(MeterName);
    private readonly ConcurrentDictionary<string, Tick> _ticks = new(StringComparer.Ordinal);
    private readonly CommitCounts _commits = new();

    /// <param name="name">Without the prefix: "dispatches_leased". A bounded vocabulary, rule ids included.</param>
    public void Add(string name, long count = 1)
    {
        var tick = _ticks.GetOrAdd(name, static (name, meter) => new Tick(meter.CreateCounter<long>("contact_" + name)), _meter);
        Interlocked.Add(ref tick.Total.Value, count);
        tick.Counter.Add(count);
    }

    /// <summary>These, and the sums of the group committer.</summary>
    public ImmutableSortedDictionary<string, long> Read()
    {
        var counters = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var (name, tick) in _ticks) counters[name] = Interlocked.Read(ref tick.Total.Value);
        _commits.AddTo(counters);
        return counters.ToImmutable();
    }

    public void Dispose()
    {
        _commits.Dispose();
        _meter.Dispose();
    }

    private sealed record Tick(Counter<long> Counter)
    {
        public StrongBox<long> Total { get; } = new();
    }
}

/// <summary>The names of the counters.</summary>
internal static class CounterNames
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
    public const string RefusedBy = "refused_by.";
}
