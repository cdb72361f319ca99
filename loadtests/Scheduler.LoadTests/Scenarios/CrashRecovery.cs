using Scheduler.LoadTests.Measuring;
using Scheduler.LoadTests.Traffic;

namespace Scheduler.LoadTests.Scenarios;

/// <summary>
/// The service is killed twice under load, without a word, and started again on what it had stored. Callers repeat what was not answered;
/// everything that was acknowledged must come out once.
/// </summary>
internal sealed class CrashRecovery : IScenario
{
    private const string Tenant = "load";
    private const int Kills = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public IReadOnlyList<string> Tenants => [Tenant];

    public bool WarmsUp => true;

    public async Task RunAsync(LoadStage stage, CancellationToken cancel)
    {
        await using var crew = GatewayCrew.Start(stage, static name => new GatewayTerms(name, [Tenant]));
        var work = stage.OpenMeasured(Tenant, "m");
        var lead = TimeSpan.FromSeconds(stage.Options.LeadSeconds);
        await stage.BeginMeasuringAsync();
        stage.MeasuredFrom += (long)(lead.TotalSeconds * stage.Clock.Real.TimestampFrequency);
        var rate = stage.Options.Rate ?? 300;
        var schedule = new ArrivalSchedule(rate, ArrivalSchedule.ItemsPerCallFor(rate, stage.Options.Batch), TimeSpan.FromSeconds(stage.Options.Seconds));
        var offering = new Upstream(stage).OfferAsync(work, schedule, lead, cancel);
        for (var kill = 1; kill <= Kills; kill++)
        {
            await Task.WhenAny(offering, Task.Delay(schedule.Length / (Kills + 1), stage.Clock.Real, cancel));
            await KillAsync(stage, work, kill, offering, cancel);
        }

        await offering;
        await stage.DrainedAsync(Patience, work);
    }

    private static async Task KillAsync(LoadStage stage, TenantWork work, int kill, Task offering, CancellationToken cancel)
    {
        stage.Tell($"kill_{kill}_open_debtors", work.Book.Open);
        var died = stage.Clock.Real.GetTimestamp();
        await stage.Host.KillAsync();
        var outcomeAt = stage.LastOutcomeAt;
        var started = await stage.Host.StartAsync(cancel);
        stage.Tell($"kill_{kill}_start_seconds", started.TotalSeconds);
        // Nothing may be left to do where the restart took longer than the load.
        await stage.UntilAsync(() => stage.LastOutcomeAt != outcomeAt || (offering.IsCompleted && work.Book.Open == 0), Patience);
        if (stage.LastOutcomeAt != outcomeAt) stage.Tell($"kill_{kill}_first_outcome_after_seconds", stage.Clock.Real.GetElapsedTime(died, stage.LastOutcomeAt).TotalSeconds);
    }
}
