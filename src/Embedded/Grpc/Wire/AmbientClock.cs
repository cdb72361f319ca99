namespace Grpc.Wire;

/// <summary>The one place that names the machine's clock: for channels, and for a server whose container has no TimeProvider.</summary>
internal static class AmbientClock
{
#pragma warning disable RS0030 // A channel is made outside any container, so nothing can inject its clock.
    public static TimeProvider Instance => TimeProvider.System;
#pragma warning restore RS0030
}
