using Scheduler.Domain.Attempts;
using Scheduler.Grains.Rules;
using Scheduler.Storage;

namespace Scheduler.Host.Maintenance;

/// <summary>Drops the rows of pulls whose leases are long over: every ten minutes, those older than the longest lease and an hour.</summary>
public sealed partial class PullCleaner(IPullStore pulls, IRuleSource rules, TimeProvider clock, ILogger<PullCleaner> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Reserve = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var dropped = await CleanOnceAsync(stoppingToken);
                if (dropped > 0) LogDropped(dropped);
            }
            catch (OrleansException failure)
            {
                LogFailed(failure);
            }
        }
    }

    internal Task<int> CleanOnceAsync(CancellationToken cancellationToken)
    {
        LeaseTerms terms = rules.Current.Context.Terms;
        var before = clock.GetUtcNow() - terms.LongestWithExtensions.ToTimeSpan() - Reserve;
        return pulls.DropPullsAsync(before.ToUnixTimeMilliseconds(), cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Dropped {Count} old pulls")]
    private partial void LogDropped(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old pulls could not be dropped; the next round tries again")]
    private partial void LogFailed(Exception failure);
}
