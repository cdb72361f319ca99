namespace Scheduler.Grains.Rules;

/// <summary>
/// The clock that long polls and call deadlines run on: always the machine's, also where decisions run on a simulated one, because callers wait
/// in real time.
/// </summary>
public sealed class TransportClock(TimeProvider time)
{
    public TimeProvider Time => time;

    /// <summary>
    /// Ends when at least that time is over. Timers count whole milliseconds and drop the rest: who waits for what is left of a time would wait for
    /// nothing, again and again, until it is over.
    /// </summary>
    public Task DelayAsync(TimeSpan length, CancellationToken cancellationToken = default) =>
        Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(length.TotalMilliseconds)), time, cancellationToken);

    /// <summary>A call's deadline on the clock of decisions.</summary>
    public DateTimeOffset Translate(DateTimeOffset deadline, TimeProvider decisions)
    {
        var left = deadline - time.GetUtcNow();
        return left > TimeSpan.FromDays(1) ? DateTimeOffset.MaxValue : decisions.GetUtcNow() + left;
    }
}
