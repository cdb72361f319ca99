using Scheduler.LoadTests.Measuring;
using Scheduler.LoadTests.Traffic;

namespace Scheduler.LoadTests.Scenarios;

/// <summary>
/// Lifecycles that do not count, until both sides are compiled to their last tier: the client by what its runtime tells, the service by its
/// processor time for a lifecycle, which falls while code is compiled and then stays.
/// </summary>
internal static class WarmUp
{
    private const string Tenant = "load";
    private const int Calm = 6;
    private const double Settled = 0.08;
    private const int FewMethods = 25;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(LoadStage stage, ProcessMeter host, CancellationToken cancel)
    {
        var work = stage.Open(Tenant, "w");
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using (var crew = GatewayCrew.Start(stage, name => new GatewayTerms(name, [Tenant])))
        {
            var pouring = stage.Options.WarmUpSeconds > 0
                ? new Upstream(stage).PourAsync(work, int.MaxValue, TimeSpan.FromSeconds(stage.Options.WarmUpSeconds), keepsNear: true, static _ => Appointment.AtOnce, enough.Token)
                : Task.CompletedTask;
            await CalmAsync(stage, host, work, pouring, cancel);
            await enough.CancelAsync();
            try
            {
                await pouring;
            }
            catch (OperationCanceledException)
            {
                // Cut off while it kept its distance.
            }

            await stage.DrainedAsync(TimeSpan.FromSeconds(30), work);
        }

        if (work.Book.Open > 0) throw new InvalidOperationException($"the warm-up left {work.Book.Open} debtors without a contact:\n{stage.Host.Told()}");
    }

    private static async Task CalmAsync(LoadStage stage, ProcessMeter host, TenantWork work, Task pouring, CancellationToken cancel)
    {
        var calm = 0;
        var best = double.MaxValue;
        var (cpu, placed, methods) = (host.Read().CpuSeconds, work.Book.Placed, System.Runtime.JitInfo.GetCompiledMethodCount());
        while (calm < Calm && !pouring.IsCompleted)
        {
            await Task.Delay(Look, stage.Clock.Real, cancel);
            var now = (Cpu: host.Read().CpuSeconds, work.Book.Placed, Methods: System.Runtime.JitInfo.GetCompiledMethodCount());
            if (now.Placed == placed) continue;
            var each = (now.Cpu - cpu) / (now.Placed - placed);
            calm = each > best * (1 - Settled) && now.Methods - methods < FewMethods ? calm + 1 : 0;
            best = Math.Min(best, each);
            (cpu, placed, methods) = now;
        }
    }
}
