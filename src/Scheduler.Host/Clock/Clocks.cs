using Scheduler.Host.Configuration;

namespace Scheduler.Host.Clock;

/// <summary>The one place that chooses the clock.</summary>
internal static class Clocks
{
#pragma warning disable RS0030 // The composition root is where the machine's clock may be named.
    public static TimeProvider Machine => TimeProvider.System;
#pragma warning restore RS0030

    public static TimeProvider Of(ClockOptions options) => options.Mode == ClockMode.Simulated
        ? new SimulatedTimeProvider(options.Start!.Value)
        : Machine;
}
