namespace Scheduler.LoadTests.Measuring;

/// <summary>
/// When each call is meant to start, whatever became of those before it. A call's latency counts from there, so that a service that stands
/// still is charged with every call that it kept waiting.
/// </summary>
internal sealed record ArrivalSchedule(double ItemsPerSecond, int ItemsPerCall, TimeSpan Length)
{
    public long Calls => (long)Math.Floor(Length.TotalSeconds * ItemsPerSecond / ItemsPerCall);

    public TimeSpan StartOf(long call) => TimeSpan.FromSeconds(call * (double)ItemsPerCall / ItemsPerSecond);

    /// <summary>Items a call, so that there are twenty calls a second where the rate allows it.</summary>
    public static int ItemsPerCallFor(double itemsPerSecond, int most) => (int)Math.Clamp(itemsPerSecond / 20, 1, most);
}
