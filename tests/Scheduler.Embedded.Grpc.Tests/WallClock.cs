namespace Scheduler.Embedded.Grpc.Tests;

/// <summary>Deadlines for the client, which runs on the machine's clock.</summary>
internal static class WallClock
{
#pragma warning disable RS0030 // A channel's deadlines are instants of the machine's clock.
    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();
#pragma warning restore RS0030

    public static DateTime InMilliseconds(int milliseconds) => Now.UtcDateTime.AddMilliseconds(milliseconds);
}
