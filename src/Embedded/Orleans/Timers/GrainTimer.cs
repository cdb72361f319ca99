using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Turns;

namespace Orleans.Timers;

/// <summary>
/// A timer of one activation. A tick is a turn; the clock is set for the next one only when it has ended, so ticks never queue up.
/// </summary>
internal sealed class GrainTimer : IGrainTimer, ITurn
{
    private readonly Activation _activation;
    private readonly Silo _silo;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ITimer _clock;
    private readonly Lock _gate = new();

    private TimeSpan _period;
    private TimeSpan? _changedDueTime;
    private bool _ticking;
    private bool _disposed;

    public GrainTimer(Activation activation, Silo silo, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        Check(options.DueTime, options.Period);
        _activation = activation;
        _silo = silo;
        _callback = callback;
        _options = options;
        _period = options.Period;
        _clock = silo.Time.CreateTimer(static timer => ((GrainTimer)timer!).OnDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool Interleaves => _options.Interleave;

    public bool IsAbandoned => Volatile.Read(ref _disposed);

    public bool IsAwaited => false;

    public long SentAt => _silo.Time.GetTimestamp();

    public bool KeepsAlive => _options.KeepAlive;

    public void Start() => _clock.Change(_options.DueTime, Timeout.InfiniteTimeSpan);

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, period);
        lock (_gate)
        {
            if (_disposed) return;
            _period = period;
            if (_ticking) _changedDueTime = dueTime;
            else _clock.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Start(Activation activation) => _ = TickAsync(activation);

    public void Redirect()
    {
    }

    public void Fail(Exception exception)
    {
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
        }

        _clock.Dispose();
        _stopped.Cancel();
        _activation.Forget(this);
    }

    private static void Check(TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero && dueTime != Timeout.InfiniteTimeSpan) throw new ArgumentOutOfRangeException(nameof(dueTime), dueTime, "A due time is not negative.");
        if (period < TimeSpan.Zero && period != Timeout.InfiniteTimeSpan) throw new ArgumentOutOfRangeException(nameof(period), period, "A period is not negative.");
    }

    private void OnDue()
    {
        lock (_gate)
        {
            if (_disposed || _ticking || _silo.IsStopping) return;
            _ticking = true;
        }

        _activation.TryEnqueue(this);
    }

    private async Task TickAsync(Activation activation)
    {
        try
        {
            await _callback(_stopped.Token);
        }
        catch (Exception exception)
        {
            // A failed tick is told and the timer goes on, as upstream's do.
            if (!_disposed) _silo.Logger.LogError(exception, "A timer tick of {GrainId} failed.", activation.GrainId);
        }

        SetClock();
        activation.EndTurn(this);
    }

    private void SetClock()
    {
        lock (_gate)
        {
            _ticking = false;
            if (_disposed) return;
            var due = _changedDueTime ?? _period;
            _changedDueTime = null;
            if (due != Timeout.InfiniteTimeSpan) _clock.Change(due, Timeout.InfiniteTimeSpan);
        }
    }
}
