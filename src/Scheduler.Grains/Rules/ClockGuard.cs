namespace Scheduler.Grains.Rules;

/// <summary>
/// Tells a clock that jumped: the time of day is held against the machine's monotonic time. Which of the two readings was wrong nobody knows, so nothing
/// is leased until the clock has come back or the process is started again.
/// </summary>
/// <remarks>Threading: any. A clock that is simulated moves with its own monotonic time, and never jumps.</remarks>
public sealed class ClockGuard
{
    /// <summary>How far the clock may be from where it should be.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(500);

    /// <summary>Both are read anew after this, so that a clock that is drawn slowly to the right time is not taken for one that jumped.</summary>
    private static readonly TimeSpan ReadAnewAfter = TimeSpan.FromMinutes(10);

    private readonly TimeProvider clock;
    private Reading reading;

    public ClockGuard(TimeProvider clock)
    {
        this.clock = clock;
        reading = Read();
    }

    /// <summary>How far the clock is ahead of where it should be.</summary>
    public TimeSpan Offset
    {
        get
        {
            var known = Volatile.Read(ref reading);
            return clock.GetUtcNow() - (known.At + clock.GetElapsedTime(known.Stamp));
        }
    }

    public bool IsTrusted
    {
        get
        {
            var known = Volatile.Read(ref reading);
            var elapsed = clock.GetElapsedTime(known.Stamp);
            if ((clock.GetUtcNow() - (known.At + elapsed)).Duration() > Tolerance) return false;
            if (elapsed > ReadAnewAfter) Interlocked.CompareExchange(ref reading, Read(), known);
            return true;
        }
    }

    private Reading Read() => new(clock.GetUtcNow(), clock.GetTimestamp());

    private sealed record Reading(DateTimeOffset At, long Stamp);
}
