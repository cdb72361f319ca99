namespace Grpc.Wire;

/// <summary>Runs a callback once when a deadline passes, also one further away than a timer can reach.</summary>
internal sealed class DeadlineTimer : IDisposable
{
    private static readonly TimeSpan FurthestTimer = TimeSpan.FromDays(24);

    private readonly TimeProvider _clock;
    private readonly DateTimeOffset _deadline;
    private readonly Action _onPassed;
    private readonly ITimer _timer;

    public DeadlineTimer(TimeProvider clock, TimeSpan remaining, DateTimeOffset deadline, Action onPassed)
    {
        _clock = clock;
        _deadline = deadline;
        _onPassed = onPassed;
        _timer = clock.CreateTimer(static state => ((DeadlineTimer)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm(remaining);
    }

    public void Dispose() => _timer.Dispose();

    private void Fire()
    {
        var remaining = _deadline - _clock.GetUtcNow();
        if (remaining > FurthestTimer / 2)
        {
            Arm(remaining);
            return;
        }

        _onPassed();
    }

    private void Arm(TimeSpan remaining) =>
        _timer.Change(remaining > FurthestTimer ? FurthestTimer : remaining, Timeout.InfiniteTimeSpan);
}
