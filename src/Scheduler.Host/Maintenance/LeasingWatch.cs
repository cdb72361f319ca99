using Scheduler.Grains.Rules;

namespace Scheduler.Host.Maintenance;

/// <summary>Says in the log when leasing closes and opens, and why. In real time.</summary>
public sealed partial class LeasingWatch(IRuleSource rules, ClockGuard guard, TransportClock transport, ILogger<LeasingWatch> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private string _said = "";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Look();
        using var timer = new PeriodicTimer(Period, transport.Time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) Look();
    }

    private void Look()
    {
        var why = rules.Current.ClosedFor;
        if (why == _said) return;
        _said = why;
        if (why.Length == 0) LogOpen();
        else if (why == ClosedReasons.Clock) LogJumped(guard.Offset);
        else LogClosed(why);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Leasing is open")]
    private partial void LogOpen();

    [LoggerMessage(Level = LogLevel.Error, Message = "Leasing is closed on this node: its clock is {Offset} from where its monotonic time says it should be. Set it right, or restart if it is right")]
    private partial void LogJumped(TimeSpan offset);

    [LoggerMessage(Level = LogLevel.Error, Message = "Leasing is closed: {Reason}. 'scheduler restore status' says more")]
    private partial void LogClosed(string reason);
}
