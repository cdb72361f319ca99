using Orleans.Turns;
using Scheduler.Grains.Ready;
using Scheduler.Grains.Tests.TestKit;

namespace Scheduler.Grains.Tests.Simulation;

/// <summary>What the embedded runtime holds of a world.</summary>
internal static class SiloMemory
{
    private static readonly string[] Channels = ["whatsapp", "sms"];

    public static int CountActivations(this World world) => world.Activations().Count;

    /// <summary>Ends when no turn runs or waits anywhere: one-way messages, and what followed from them, are done. Not while a long poll waits.</summary>
    public static Task QuietAsync(this World world) => world.Activations().BecomeQuietAsync(TestContext.Current.CancellationToken);

    /// <summary>The same without the ready queues, in which long polls wait; what was offered to these has been taken in.</summary>
    public static async Task QuietButForPollsAsync(this World world)
    {
        await world.Activations().BecomeQuietAsync(static id => id.Type.ToString() != "ready-queue", TestContext.Current.CancellationToken);
        foreach (var channel in Channels) await world.Grains.GetGrain<IReadyQueueGrain>(channel).Count();
    }

    private static ActivationDirectory Activations(this World world) => world.Get<Silo>().Activations;
}
