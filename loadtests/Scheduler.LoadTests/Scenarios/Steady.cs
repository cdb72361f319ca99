using Scheduler.LoadTests.Measuring;
using Scheduler.LoadTests.Traffic;

namespace Scheduler.LoadTests.Scenarios;

/// <summary>
/// Debtors come in and fall due at an even pace, and gateways pull. At an offered rate each has its own due instant, a few seconds after it
/// came in; at the largest rate all are due at once and the figure is of capacity. A soak is the same for hours, with receipts.
/// </summary>
internal sealed class Steady(bool hasReceipts) : IScenario
{
    private const string Tenant = "load";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public IReadOnlyList<string> Tenants => [Tenant];

    public bool WarmsUp => true;

    public async Task RunAsync(LoadStage stage, CancellationToken cancel)
    {
        var receipts = hasReceipts ? new ReceiptFlow(stage) : null;
        using var ending = new CancellationTokenSource();
        var reporting = receipts?.RunAsync(ending.Token) ?? Task.CompletedTask;
        await using (var crew = GatewayCrew.Start(stage, static name => new GatewayTerms(name, [Tenant]), receipts))
        {
            var work = stage.OpenMeasured(Tenant, "m");
            await stage.BeginMeasuringAsync();
            await OfferAsync(stage, work, cancel);
            await stage.DrainedAsync(Patience, work);
        }

        await ending.CancelAsync();
        await reporting;
        if (receipts is not null) TellGrowth(stage);
    }

    /// <summary>At the offered rate, or as fast as it goes.</summary>
    public static async Task OfferAsync(LoadStage stage, TenantWork work, CancellationToken cancel)
    {
        var length = TimeSpan.FromSeconds(stage.Options.Seconds);
        var upstream = new Upstream(stage);
        if (stage.Options.Rate is not { } rate)
        {
            await upstream.PourAsync(work, stage.Options.Debtors, length, keepsNear: true, static _ => Appointment.AtOnce, cancel);
            return;
        }

        var schedule = new ArrivalSchedule(rate, ArrivalSchedule.ItemsPerCallFor(rate, stage.Options.Batch), length);
        var lead = TimeSpan.FromSeconds(stage.Options.LeadSeconds);
        // Lifecycles end where due instants lie, not where entries do.
        stage.MeasuredFrom += (long)(lead.TotalSeconds * stage.Clock.Real.TimestampFrequency);
        await upstream.OfferAsync(work, schedule, lead, cancel);
    }

    // The last quarter against the second: what grows for hours is a leak; what grows at the start is a cache.
    private static void TellGrowth(LoadStage stage)
    {
        var samples = stage.Sampler.Samples;
        if (samples.Length < 8) return;
        var quarter = samples.Length / 4;
        foreach (var process in samples[0].Processes.Select(static process => process.Name))
        {
            var early = Mean(samples.AsSpan(quarter, quarter).ToArray(), process);
            var late = Mean(samples.AsSpan(3 * quarter, quarter).ToArray(), process);
            if (early > 0) stage.Tell($"{process}_rss_growth_percent", (late - early) / early * 100);
        }
    }

    private static double Mean(RunSample[] samples, string process) =>
        samples.Average(sample => sample.Processes.First(one => one.Name == process).Use.ResidentBytes);
}
