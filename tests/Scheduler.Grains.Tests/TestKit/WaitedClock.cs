namespace Scheduler.Grains.Tests.TestKit;

/// <summary>The clock of long polls, which counts the waits on it: so a test knows when a poll stands still and nothing but time moves it.</summary>
/// <remarks>Threading: any.</remarks>
internal sealed class WaitedClock(TimeProvider time) : TimeProvider
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _change = NewSignal();
    private int _count;
    private int _begun;

    /// <summary>Waits under way.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Waits that ever began.</summary>
    public int Begun => Volatile.Read(ref _begun);

    /// <summary>Ends when the next wait begins or ends.</summary>
    public Task Change
    {
        get
        {
            lock (_gate) return _change.Task;
        }
    }

    /// <summary>Waits for waits: so many under way, so many that ever began.</summary>
    public async Task BecomeAsync(int count, int begun)
    {
        for (var change = Change; (Count, Begun) != (count, begun); change = Change) await change.WaitAsync(TestContext.Current.CancellationToken);
    }

    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Tell(+1);
        var wait = new Wait(this, callback, state);
        wait.Start(time, dueTime, period);
        return wait;
    }

    private void Tell(int change)
    {
        TaskCompletionSource over;
        lock (_gate)
        {
            _count += change;
            if (change > 0) _begun++;
            (over, _change) = (_change, NewSignal());
        }

        over.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One wait: it ends when its timer fires or is given up.</summary>
    private sealed class Wait(WaitedClock clock, TimerCallback callback, object? state) : ITimer
    {
        private ITimer? _timer;
        private int _isOver;

        public void Start(TimeProvider time, TimeSpan dueTime, TimeSpan period) => _timer = time.CreateTimer(static wait => ((Wait)wait!).Fire(), this, dueTime, period);

        public bool Change(TimeSpan dueTime, TimeSpan period) => _timer!.Change(dueTime, period);

        public void Dispose()
        {
            _timer?.Dispose();
            End();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire()
        {
            End();
            callback(state);
        }

        private void End()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0) clock.Tell(-1);
        }
    }
}
