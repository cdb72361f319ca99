using NodaTime;
using Scheduler.LoadTests.Traffic;

namespace Scheduler.LoadTests.Scenarios;

/// <summary>Everything falls due at one instant, as at the opening of a window, while gateways wait: how soon the first goes out, and the last.</summary>
internal sealed class Burst : IScenario
{
    private const string Tenant = "load";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public IReadOnlyList<string> Tenants => [Tenant];

    public bool WarmsUp => true;

    public async Task RunAsync(LoadStage stage, CancellationToken cancel)
    {
        var work = stage.OpenMeasured(Tenant, "m");
        var opening = stage.Clock.Now + Duration.FromSeconds(10 + (stage.Options.Debtors / 500));
        await stage.BeginMeasuringAsync();
        var upstream = new Upstream(stage);
        await upstream.PourAsync(work, stage.Options.Debtors, length: null, keepsNear: false, _ => Appointment.On(opening), cancel);
        stage.Tell("enqueue_seconds", stage.Clock.Real.GetElapsedTime(stage.MeasuredFrom).TotalSeconds);
        stage.Tell("seconds_before_opening", (opening - stage.Clock.Now).TotalSeconds);
        await using var crew = GatewayCrew.Start(stage, static name => new GatewayTerms(name, [Tenant]));
        await stage.WaitUntilAsync(opening, cancel);
        stage.MeasuredFrom = stage.Clock.Real.GetTimestamp();
        await stage.UntilAsync(() => work.Book.Leased > 0, Patience);
        stage.Tell("first_dispatch_ms", stage.Clock.Real.GetElapsedTime(stage.MeasuredFrom).TotalMilliseconds);
        await stage.DrainedAsync(Patience, work);
        stage.Tell("last_outcome_seconds", stage.Clock.Real.GetElapsedTime(stage.MeasuredFrom, stage.LastOutcomeAt).TotalSeconds);
    }
}
