using Scheduler.Grains.Pulls;

namespace Scheduler.Host.Maintenance;

/// <summary>Stops after the server and before the silo: what callers left behind is given back while there are grains to take it.</summary>
public sealed class AbandonedPullsOnStop(IDispatchPull pulls) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Out of time: those leases lapse by themselves.
        await Task.WhenAny(pulls.SettledAsync().WaitAsync(cancellationToken));
    }
}
