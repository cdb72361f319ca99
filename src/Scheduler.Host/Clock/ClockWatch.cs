using Scheduler.Grains.Rules;
using Scheduler.Storage;

namespace Scheduler.Host.Clock;

/// <summary>Compares the node's clock with the database's: before anything is leased, and every ten seconds from then on.</summary>
internal sealed partial class ClockWatch(ISchedulerStore store, ClockGuard guard, TimeProvider clock, ILogger<ClockWatch> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await MeasureAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await MeasureAsync(stoppingToken);
    }

    private bool IsNear => guard.DatabaseOffset.Duration() <= ClockGuard.Tolerance;

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        try
        {
            var wasNear = IsNear;
            var before = clock.GetUtcNow();
            if (await store.ReadClockAsync(cancellationToken) is not { } database) return;
            guard.Measure(before, database, clock.GetUtcNow());
            if (!IsNear && wasNear) LogOff(guard.DatabaseOffset);
            else if (IsNear && !wasNear) LogBack(guard.DatabaseOffset);
        }
        catch (OrleansException failure)
        {
            // Without the database nothing is leased either; what was measured last holds until it answers.
            LogFailed(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The database's clock is {Offset} ahead of this node's: nothing is leased here until they agree")]
    private partial void LogOff(TimeSpan offset);

    [LoggerMessage(Level = LogLevel.Information, Message = "The database's clock is {Offset} ahead of this node's: they agree again")]
    private partial void LogBack(TimeSpan offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database's clock could not be read")]
    private partial void LogFailed(Exception failure);
}
