using NodaTime;
using Scheduler.LoadTests.Measuring;
using Scheduler.LoadTests.Traffic;

namespace Scheduler.LoadTests.Scenarios;

/// <summary>
/// One tenant's whole portfolio falls due at once while another's trickles: how much later the quiet one's dispatches go out than before.
/// The same gateways serve both.
/// </summary>
internal sealed class NoisyNeighbour : IScenario
{
    private const string Quiet = "quiet";
    private const string Noisy = "noisy";
    private const double TrickleRate = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public IReadOnlyList<string> Tenants => [Quiet, Noisy];

    public bool WarmsUp => true;

    public async Task RunAsync(LoadStage stage, CancellationToken cancel)
    {
        var before = stage.OpenMeasured(Quiet, "q");
        var during = stage.OpenMeasured(Quiet, "d");
        var noise = stage.OpenMeasured(Noisy, "n");
        var upstream = new Upstream(stage);
        await stage.BeginMeasuringAsync();
        // The noisy portfolio is in before anything is measured, and falls due when the quiet tenant has been alone for its time.
        var alone = TimeSpan.FromSeconds(stage.Options.Seconds / 2.0);
        var loading = Duration.FromSeconds(10 + (stage.Options.Debtors / 500));
        var opening = stage.Clock.Now + loading + Duration.FromTimeSpan(alone);
        await upstream.PourAsync(noise, stage.Options.Debtors, length: null, keepsNear: false, _ => Appointment.On(opening), cancel);
        await using var crew = GatewayCrew.Start(stage, static name => new GatewayTerms(name, [Quiet, Noisy]));
        var lead = TimeSpan.FromSeconds(1);
        await stage.WaitUntilAsync(opening - Duration.FromTimeSpan(alone), cancel);
        await upstream.OfferAsync(before, Trickle(alone - lead), lead, cancel);
        await stage.WaitUntilAsync(opening - Duration.FromTimeSpan(lead), cancel);
        stage.MeasuredFrom = stage.Clock.Real.GetTimestamp();
        await upstream.OfferAsync(during, Trickle(alone), lead, cancel);
        await stage.DrainedAsync(Patience, before, during, noise);
        var (calm, loud) = (before.Lateness.Figures(), during.Lateness.Figures());
        stage.Tell("quiet_alone_p50_ms", calm.P50);
        stage.Tell("quiet_alone_p99_ms", calm.P99);
        stage.Tell("quiet_beside_p50_ms", loud.P50);
        stage.Tell("quiet_beside_p99_ms", loud.P99);
    }

    private ArrivalSchedule Trickle(TimeSpan length) => new(TrickleRate, ArrivalSchedule.ItemsPerCallFor(TrickleRate, 500), length);
}
