using Orleans.Embedded;

namespace Orleans.Reminders;

/// <summary>Ticks at a reminder's start and every period after it. Ticks that passed while nobody kept the clock are lost; of those that passed while a tick ran, the last is made up for.</summary>
internal sealed class ReminderClock : IDisposable
{
    private readonly ReminderRow _row;
    private readonly TimeProvider _time;
    private readonly Func<TickStatus, Task> _tick;
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private DateTimeOffset _due;
    private bool _disposed;

    public ReminderClock(ReminderRow row, TimeProvider time, Func<TickStatus, Task> tick)
    {
        _row = row;
        _time = time;
        _tick = tick;
    }

    public void Start()
    {
        var now = _time.GetUtcNow();
        _due = now <= _row.StartAt ? _row.StartAt : LastDueBefore(now, _row.StartAt) + _row.Period;
        lock (_gate)
        {
            if (_disposed) return;
            _timer = _time.CreateTimer(static clock => _ = ((ReminderClock)clock!).OnDueAsync(), this, _due - now, Timeout.InfiniteTimeSpan);
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
        var now = _time.GetUtcNow();
        var next = _due + _row.Period;
        _due = next < now ? LastDueBefore(now, next) : next;
        lock (_gate)
        {
            if (!_disposed) _timer!.Change(_due > now ? _due - now : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private DateTimeOffset LastDueBefore(DateTimeOffset now, DateTimeOffset earlier) =>
        earlier + (_row.Period * ((now - earlier).Ticks / _row.Period.Ticks));
}
