using Orleans.Embedded;

namespace Orleans.Reminders;

/// <summary>Ticks at a reminder's start and every period after it. Ticks that passed while nobody kept the clock, or while a tick ran, are lost.</summary>
internal sealed class ReminderClock : IDisposable
{
    private readonly ReminderRow _row;
    private readonly TimeProvider _time;
    private readonly Func<TickStatus, Task> _tick;
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private bool _disposed;

    public ReminderClock(ReminderRow row, TimeProvider time, Func<TickStatus, Task> tick)
    {
        _row = row;
        _time = time;
        _tick = tick;
    }

    public void Start()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _timer = _time.CreateTimer(static clock => _ = ((ReminderClock)clock!).OnDueAsync(), this, UntilNext(includeNow: true), Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer?.Dispose();
        }
    }

    private async Task OnDueAsync()
    {
        await _tick(new TickStatus(_row.StartAt.UtcDateTime, _row.Period, _time.GetUtcNow().UtcDateTime));
        lock (_gate)
        {
            if (!_disposed) _timer!.Change(UntilNext(includeNow: false), Timeout.InfiniteTimeSpan);
        }
    }

    private TimeSpan UntilNext(bool includeNow)
    {
        var late = _time.GetUtcNow() - _row.StartAt;
        if (late < TimeSpan.Zero || (includeNow && late == TimeSpan.Zero)) return -late;
        var sinceTick = TimeSpan.FromTicks(late.Ticks % _row.Period.Ticks);
        return includeNow && sinceTick == TimeSpan.Zero ? TimeSpan.Zero : _row.Period - sinceTick;
    }
}
