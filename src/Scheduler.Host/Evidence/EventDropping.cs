using NodaTime;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Rules;
using Scheduler.Storage.Evidence;

namespace Scheduler.Host.Evidence;

/// <summary>How long the log says what was recorded.</summary>
public sealed record EventDroppingTerms(Duration Retention);

/// <summary>Once a month, soon after its first day is old enough or at the next start: drops what records of before the retention say, debtor by debtor, at a bounded rate.</summary>
public sealed partial class EventDropping(
    RetentionSweep sweep, EventDroppingTerms terms, IRuleSource rules, TimeProvider clock, TransportClock pace, ContactCounters counters, ILogger<EventDropping> log)
    : BackgroundService
{
    /// <summary>Late facts and the decider's keys of repeats reach this far back, whatever the rules count.</summary>
    private const int LeastDaysBack = 35;

    /// <summary>A rule's period is counted in local days on either side.</summary>
    private const int MarginDays = 5;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    private Instant _droppedBefore = Instant.MinValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        do
        {
            try
            {
                await DropOnceAsync(stoppingToken);
            }
            catch (OrleansException failure)
            {
                LogFailed(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task DropOnceAsync(CancellationToken cancellationToken)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        var before = RetentionSweep.CutOff(now, terms.Retention);
        if (before <= _droppedBefore) return;
        var counts = await sweep.RunAsync(before, tenant => Counted(tenant, now), now, pace.Time, cancellationToken);
        if (counts.IsComplete) _droppedBefore = before;
        counters.Add(CounterNames.RecordsDropped, counts.Records);
        var whole = counts.Kept.Values.Sum();
        counters.Add(CounterNames.DropsFailed, whole);
        if (counts.Records > 0) LogDropped(counts.Records, counts.Debtors, before);
        if (whole > 0) LogKept(whole, string.Join(", ", counts.Kept.Select(static kept => $"{kept.Key}: {kept.Value}")));
    }

    private CountedFor Counted(string tenant, Instant now)
    {
        var policy = rules.For(tenant, now).Context.Policy;
        return new CountedFor(Duration.FromDays(Math.Max(LeastDaysBack, policy.LongestCountDays + MarginDays)), policy.CountsForEver);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Dropped what {Records} records of {Debtors} debtors said, those of before {Before}, under signed checkpoints")]
    private partial void LogDropped(long records, long debtors, Instant before);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old records of {Debtors} debtors stay whole ({Reasons}): run scheduler audit verify")]
    private partial void LogKept(long debtors, string reasons);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old records could not be dropped; the next round tries again")]
    private partial void LogFailed(Exception failure);
}
