namespace Scheduler.Host.Clock;

/// <summary>A clock that stands still until it is told to advance. Timers fire in the order of their instants, each at most once per advance.</summary>
/// <remarks>Threading: any; one advance at a time. Callbacks run on the advancing thread, outside the lock.</remarks>
public sealed class SimulatedTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly SortedSet<SimulatedTimer> _timers = new(SimulatedTimer.ByInstant);
    private DateTimeOffset _now = start.ToUniversalTime();
    private long _created;
    private long _advances;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that wait: what is idle has none.</summary>
    internal int TimerCount
    {
        get
        {
            lock (_gate) return _timers.Count;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, callback, state, Interlocked.Increment(ref _created));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Goes to the instant, firing what falls due on the way; an instant in the past changes nothing.</summary>
    public void AdvanceTo(DateTimeOffset to)
    {
        lock (_gate) _advances++;
        while (TakeDue(to) is { } timer) timer.Fire();
        lock (_gate)
        {
            if (to > _now) _now = to.ToUniversalTime();
        }
    }

    internal bool Schedule(SimulatedTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            if (timer.IsDisposed) return false;
            _timers.Remove(timer);
            timer.Period = period;
            if (dueTime == Timeout.InfiniteTimeSpan) return true;
            timer.DueAt = _now + dueTime;
            _timers.Add(timer);
            return true;
        }
    }

    internal void Remove(SimulatedTimer timer)
    {
        lock (_gate)
        {
            timer.IsDisposed = true;
            _timers.Remove(timer);
        }
    }

    private SimulatedTimer? TakeDue(DateTimeOffset to)
    {
        lock (_gate)
        {
            foreach (var timer in _timers)
            {
                if (timer.DueAt > to) return null;
                if (timer.FiredIn == _advances) continue;
                _timers.Remove(timer);
                timer.FiredIn = _advances;
                if (timer.DueAt > _now) _now = timer.DueAt;
                if (timer.Period > TimeSpan.Zero)
                {
                    // What it would have fired in between is left out; the next time is after this advance.
                    timer.DueAt = to + timer.Period;
                    _timers.Add(timer);
                }

                return timer;
            }

            return null;
        }
    }
}

/// <summary>A timer of the simulated clock.</summary>
internal sealed class SimulatedTimer(SimulatedTimeProvider clock, TimerCallback callback, object? state, long number) : ITimer
{
    public static readonly IComparer<SimulatedTimer> ByInstant = Comparer<SimulatedTimer>.Create(static (a, b) =>
        a.DueAt != b.DueAt ? a.DueAt.CompareTo(b.DueAt) : a.Number.CompareTo(b.Number));

    public long Number => number;

    public DateTimeOffset DueAt { get; set; }

    public TimeSpan Period { get; set; }

    /// <summary>The advance in which it fired last.</summary>
    public long FiredIn { get; set; } = -1;

    public bool IsDisposed { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period) => clock.Schedule(this, dueTime, period);

    public void Fire() => callback(state);

    public void Dispose() => clock.Remove(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
