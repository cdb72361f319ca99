using NodaTime;
using Scheduler.Storage.Evidence;

namespace Scheduler.Host.Evidence;

/// <summary>Once a UTC day, soon after midnight or at the next start: signs the roots and writes them to the file outside the database.</summary>
public sealed partial class DailyRootSigner(RootBook roots, RootsFile file, TimeProvider clock, ILogger<DailyRootSigner> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    private LocalDate _signedOn = LocalDate.MinIsoValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        do
        {
            try
            {
                await SignOnceAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is OrleansException or IOException or UnauthorizedAccessException)
            {
                LogFailed(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task SignOnceAsync(CancellationToken cancellationToken)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        var today = now.InUtc().Date;
        if (today == _signedOn) return;
        var made = await roots.SignAsync(now, cancellationToken);
        await file.AppendMissingAsync(await roots.ListAsync(cancellationToken), cancellationToken);
        _signedOn = today;
        if (made.Count > 0) LogSigned(made.Count, made[0].UpToCursor);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Signed {Count} daily roots up to cursor {Cursor}")]
    private partial void LogSigned(int count, long cursor);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The daily roots could not be signed or written; the next round tries again")]
    private partial void LogFailed(Exception failure);
}
