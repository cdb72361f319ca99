namespace Scheduler.Grains.Rules;

/// <summary>
/// Tells a clock that jumped: the time of day is held against the machine's monotonic time. Which of the two readings was wrong nobody knows, so nothing
/// is leased until the clock has come back or the process is started again. A database with a clock of its own is a third opinion: whoever reads it says how
/// far it is, and nothing is leased while that is too far either.
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
    private long databaseOffset;

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

    /// <summary>How far the database's clock is ahead of ours, as last measured; zero where it has none of its own.</summary>
    public TimeSpan DatabaseOffset => TimeSpan.FromTicks(Interlocked.Read(ref databaseOffset));

    public bool IsTrusted
    {
        get
        {
            if (DatabaseOffset.Duration() > Tolerance) return false;
            var known = Volatile.Read(ref reading);
            var elapsed = clock.GetElapsedTime(known.Stamp);
            if ((clock.GetUtcNow() - (known.At + elapsed)).Duration() > Tolerance) return false;
            if (elapsed > ReadAnewAfter) Interlocked.CompareExchange(ref reading, Read(), known);
            return true;
        }
    }

    /// <summary>The database read its clock at some instant between two of ours. Answers whether that says anything: a slow answer does not.</summary>
    public bool Measure(DateTimeOffset before, DateTimeOffset database, DateTimeOffset after)
    {
        var taken = after - before;
        if (taken < TimeSpan.Zero || taken > Tolerance) return false;
        Interlocked.Exchange(ref databaseOffset, (database - before - (taken / 2)).Ticks);
        return true;
    }

    private Reading Read() => new(clock.GetUtcNow(), clock.GetTimestamp());

    private sealed record Reading(DateTimeOffset At, long Stamp);
}
