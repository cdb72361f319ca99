using Scheduler.Grains.Rules;
using Scheduler.Storage;

namespace Scheduler.Host.Recovery;

/// <summary>The database of this host, as it names itself.</summary>
public sealed record DatabaseName(string Value);

/// <summary>Writes the mark as the log grows, once a second at most and once more when the host stops. In real time, whatever clock decisions run on.</summary>
public sealed partial class MarkKeeper(IEventLog log, RecoveryMarkFile file, DatabaseName database, TransportClock transport, ILogger<MarkKeeper> logger) : BackgroundService
{
    /// <summary>A restore that lost less than what was written in this time may go unnoticed.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private long _marked = -1;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await MarkOnceAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(CancellationToken.None);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, transport.Time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await TryAsync(stoppingToken);
    }

    internal async Task MarkOnceAsync(CancellationToken cancellationToken)
    {
        var head = await log.ReadHeadAsync(cancellationToken);
        if (head == _marked) return;
        var last = head == 0 ? [] : await log.ReadEventsAsync(head - 1, 1, cancellationToken);
        var chain = last.Count == 0 ? "" : Convert.ToHexString(last[0].Chain.Span);
        await file.WriteAsync(new RecoveryMark(database.Value, last.Count == 0 ? 0 : last[0].Seq, chain, transport.Time.GetUtcNow()), cancellationToken);
        _marked = head;
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await MarkOnceAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is OrleansException or IOException or UnauthorizedAccessException)
        {
            LogFailed(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The recovery mark could not be written: a restore could go unnoticed until it is")]
    private partial void LogFailed(Exception failure);
}
