using Scheduler.LoadTests.Measuring;
using Scheduler.LoadTests.Traffic;

namespace Scheduler.LoadTests.Scenarios;

/// <summary>
/// One gateway of several stands still with leases in hand, past their end, and then goes on as if nothing had been: what it held is
/// proven not placed and goes to others, its own late confirmations are refused, and nobody is contacted twice.
/// </summary>
internal sealed class GatewayStall : IScenario
{
    private const string Tenant = "load";
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public IReadOnlyList<string> Tenants => [Tenant];

    public bool WarmsUp => true;

    public async Task RunAsync(LoadStage stage, CancellationToken cancel)
    {
        await using var crew = GatewayCrew.Start(stage, static name => new GatewayTerms(name, [Tenant]) { Lease = Lease, Confirms = true });
        var work = stage.OpenMeasured(Tenant, "m");
        var lead = TimeSpan.FromSeconds(stage.Options.LeadSeconds);
        await stage.BeginMeasuringAsync();
        stage.MeasuredFrom += (long)(lead.TotalSeconds * stage.Clock.Real.TimestampFrequency);
        var rate = stage.Options.Rate ?? 300;
        var schedule = new ArrivalSchedule(rate, ArrivalSchedule.ItemsPerCallFor(rate, stage.Options.Batch), TimeSpan.FromSeconds(stage.Options.Seconds));
        var offering = new Upstream(stage).OfferAsync(work, schedule, lead, cancel);
        await Task.Delay(lead + (schedule.Length / 3), stage.Clock.Real, cancel);
        var stalled = crew.Gateways[0];
        stalled.Stall();
        while (stalled.HeldInStall == 0 && !offering.IsCompleted) await Task.Delay(TimeSpan.FromMilliseconds(10), stage.Clock.Real, cancel);
        var since = stage.Clock.Real.GetTimestamp();
        await offering;
        // Everything is done by the others, the stalled one's share too, before it speaks again.
        await stage.DrainedAsync(Patience, work);
        stage.Tell("stalled_leases", stalled.HeldInStall);
        stage.Tell("stalled_leases_done_by_others_after_seconds", stage.Clock.Real.GetElapsedTime(since, stage.LastOutcomeAt).TotalSeconds);
        var denied = stage.Denied;
        stalled.GoOn();
        await stage.UntilAsync(() => stage.Denied - denied >= stalled.HeldInStall, Patience);
        stage.Tell("late_confirmations_refused", stage.Denied - denied);
    }
}
