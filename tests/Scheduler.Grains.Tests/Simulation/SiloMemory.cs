using Orleans.Turns;
using Scheduler.Grains.Tests.TestKit;

namespace Scheduler.Grains.Tests.Simulation;

/// <summary>What the embedded runtime holds of a world.</summary>
internal static class SiloMemory
{
    public static int CountActivations(this World world) => world.Activations().Count;

    /// <summary>Ends when no turn runs or waits anywhere: one-way messages, and what followed from them, are done. Not while a long poll waits.</summary>
    public static Task QuietAsync(this World world) => world.Activations().BecomeQuietAsync(TestContext.Current.CancellationToken);

    private static ActivationDirectory Activations(this World world) => world.Get<Silo>().Activations;
}
