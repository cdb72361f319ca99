using System.Diagnostics.Metrics;
using NodaTime;
using Scheduler.Grains.Rules;

namespace Scheduler.Grains.Operations;

/// <summary>How much there is of everything, from the same reading of the store as the statistics, all tenants together.</summary>
/// <remarks>Threading: refreshed by one caller at a time, shown to any. Nothing is shown before the first reading.</remarks>
public sealed class StateGauges : IDisposable
{
    private readonly SchedulerStatistics _statistics;
    private readonly IRuleSource _rules;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile SchedulerCounts? _counts;

    public StateGauges(SchedulerStatistics statistics, IRuleSource rules, TimeProvider clock, ContactCounters counters)
    {
        _statistics = statistics;
        _rules = rules;
        _clock = clock;
        var meter = counters.Meter;
        Gauge(meter, "contact_debtors", "{debtor}", "Debtors, by state.", static c => c.DebtorsByState.Select(static d => Labelled(d.Value, "state", Word(d.Key, "DEBTOR_STATE_"))));
        Gauge(meter, "contact_accounts", "{account}", "Accounts, by where they are; the sum is contact_accounts_entered.", static c => c.AccountsByPlace.Select(static a => Labelled(a.Value, "place", a.Key)));
        Gauge(meter, "contact_accounts_entered", "{account}", "Accounts that came in.", static c => [new(c.AccountsIn)]);
        Gauge(meter, "contact_conservation_difference", "{account}", "Accounts that came in less those that are somewhere: 0, or something was lost.", static c => [new(c.ConservationDifference)]);
        Gauge(meter, "contact_due_debtors", "{debtor}", "Debtors whose instant has come.", static c => [new(c.DueCount)]);
        Gauge(meter, "contact_oldest_due_timestamp_seconds", "s", "The earliest instant of those that are due; absent when nothing is.", static c => c.OldestDueAt is { } at ? [new(Seconds(at))] : []);
        Gauge(meter, "contact_ready_candidates", "{candidate}", "Candidates in the ready queues, by channel.", static c => c.ReadyByChannel.Select(static r => Labelled(r.Value, "channel", Word(r.Key, "CONTACT_CHANNEL_"))));
        Gauge(meter, "contact_state_timestamp_seconds", "s", "When these figures were read.", static c => [new(Seconds(c.AsOf))]);
        meter.CreateObservableGauge("contact_policy_epoch", () => _rules.Current.Epochs.Policy, "{change}", "Number of the last change of the rules that this process decides by.");
        meter.CreateObservableGauge("contact_policy_info", Packs, "{pack}", "1 for each pack in force, with its version.");
    }

    public void Dispose() => _reading.Dispose();

    /// <summary>Reads anew when what is held is older than this. A store that fails leaves the former reading, whose instant tells its age.</summary>
    public async Task RefreshAsync(Duration age, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_counts is { } held && _clock.Now() - Instant.FromDateTimeOffset(held.AsOf) < age) return;
            _counts = await _statistics.ReadAllAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            // The next look tries again.
        }
        finally
        {
            _reading.Release();
        }
    }

    private void Gauge(Meter meter, string name, string unit, string description, Func<SchedulerCounts, IEnumerable<Measurement<double>>> read) =>
        meter.CreateObservableGauge(name, () => _counts is { } counts ? read(counts) : [], unit, description);

    private IEnumerable<Measurement<int>> Packs() => _rules.Current.Context.Policy.Packs.Select(static pack => new Measurement<int>(
        1, new KeyValuePair<string, object?>("pack", pack.Id), new KeyValuePair<string, object?>("version", pack.Version)));

    private static Measurement<double> Labelled(long value, string label, string word) => new(value, new KeyValuePair<string, object?>(label, word));

    private static double Seconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1_000.0;

    /// <summary>The protocol's names, without what all of them begin with.</summary>
    private static string Word(string name, string prefix) =>
        (name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name).ToLowerInvariant();
}
