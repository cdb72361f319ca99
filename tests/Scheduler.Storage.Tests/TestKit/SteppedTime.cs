namespace Scheduler.Storage.Tests.TestKit;

/// <summary>Time that moves when a test says so, and tells the test when somebody begins to wait.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Waiter> waiters = [];
    private TaskCompletionSource waited = New();
    private TimeSpan elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public int TimersMade { get; private set; }

    public override long GetTimestamp()
    {
        lock (gate) return elapsed.Ticks;
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + new TimeSpan(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (gate)
        {
            TimersMade++;
            var waiter = new Waiter(() => callback(state), elapsed + dueTime, this);
            waiters.Add(waiter);
            waited.TrySetResult();
            return waiter;
        }
    }

    /// <summary>Ends when somebody waits.</summary>
    public Task SomebodyWaitsAsync()
    {
        lock (gate) return waiters.Count > 0 ? Task.CompletedTask : waited.Task;
    }

    public void Advance(TimeSpan time)
    {
        Waiter[] due;
        lock (gate)
        {
            elapsed += time;
            due = [.. waiters.Where(waiter => waiter.At <= elapsed)];
            waiters.RemoveAll(waiter => waiter.At <= elapsed);
            if (waited.Task.IsCompleted) waited = New();
        }

        foreach (var waiter in due) waiter.Fire();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Waiter(Action fire, TimeSpan at, SteppedTime time) : ITimer
    {
        public TimeSpan At => at;

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
            lock (time.gate) time.waiters.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
