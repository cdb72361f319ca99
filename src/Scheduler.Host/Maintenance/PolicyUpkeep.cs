using Scheduler.Grains.Pacing;
using Scheduler.Grains.Rules;

namespace Scheduler.Host.Maintenance;

/// <summary>
/// Keeps rules and pacing of this process current: reads them again when another process has changed them, writes down what was scheduled and has come, and
/// plans debtors anew. Looks in real time, whatever clock decisions run on.
/// </summary>
public sealed partial class PolicyUpkeep(PolicyBook policy, IRuleSource rules, Replanner replanner, PacingBook pacing, TransportClock transport, ILogger<PolicyUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, transport.Time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await policy.ApplyDueAsync(stoppingToken);
                await rules.RefreshAsync(stoppingToken);
                await pacing.RefreshAsync(stoppingToken);
                await replanner.RunAsync(transport.Time, stoppingToken);
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException or RulePacks.PackFormatException)
            {
                LogFailed(failure);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The rules could not be kept current; the next round tries again")]
    private partial void LogFailed(Exception failure);
}
