using NodaTime;

namespace Scheduler.Cli.Demo;

/// <summary>The simulated instant as the gateways see it: stands still until the driver moves it, with the host's own.</summary>
internal sealed class SteppedClock(Instant start) : TimeProvider
{
    private long _ticks = start.ToUnixTimeTicks();

    public Instant Now
    {
        get => Instant.FromUnixTimeTicks(Interlocked.Read(ref _ticks));
        set => Interlocked.Exchange(ref _ticks, value.ToUnixTimeTicks());
    }

    public override DateTimeOffset GetUtcNow() => Now.ToDateTimeOffset();
}
