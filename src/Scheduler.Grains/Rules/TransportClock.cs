namespace Scheduler.Grains.Rules;

/// <summary>
/// The clock that long polls and call deadlines run on: always the machine's, also where decisions run on a simulated one, because callers wait
/// in real time.
/// </summary>
public sealed class TransportClock(TimeProvider time)
{
    public TimeProvider Time => time;

    /// <summary>A call's deadline on the clock of decisions.</summary>
    public DateTimeOffset Translate(DateTimeOffset deadline, TimeProvider decisions)
    {
        var left = deadline - time.GetUtcNow();
        return left > TimeSpan.FromDays(1) ? DateTimeOffset.MaxValue : decisions.GetUtcNow() + left;
    }
}
