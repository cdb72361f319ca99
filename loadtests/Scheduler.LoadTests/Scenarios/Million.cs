using Scheduler.LoadTests.Measuring;
using Scheduler.LoadTests.Traffic;

namespace Scheduler.LoadTests.Scenarios;

/// <summary>
/// A large portfolio goes in, almost all of it idle for weeks; then the service is restarted: how long the portfolio took, what it costs in
/// memory, how soon the first dispatch goes out, and that every due debtor is served.
/// </summary>
internal sealed class Million : IScenario
{
    private const string Tenant = "load";
    private const int DueOneIn = 100;
    private const double MiB = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public IReadOnlyList<string> Tenants => [Tenant];

    public bool WarmsUp => true;

    public async Task RunAsync(LoadStage stage, CancellationToken cancel)
    {
        var work = stage.OpenMeasured(Tenant, "m");
        // The idle ones fall due weeks after the run; the due ones are counted below.
        work.IsAwaited = false;
        await stage.BeginMeasuringAsync();
        await new Upstream(stage).PourAsync(
            work, stage.Options.Debtors, length: null, keepsNear: false, static number => number % DueOneIn == 0 ? Appointment.AtOnce : Appointment.Idle, cancel);
        var took = stage.Clock.Real.GetElapsedTime(stage.MeasuredFrom);
        stage.Tell("enqueue_seconds", took.TotalSeconds);
        stage.Tell("enqueued_per_second", work.Book.Accepted / took.TotalSeconds);
        stage.Tell("service_rss_mib_after_enqueue", Resident(stage));
        stage.Tell("stop_seconds", (await stage.Host.StopAsync()).TotalSeconds);
        // Stopped, the log of writes is in the database.
        stage.Tell("stored_bytes_a_debtor", stage.StoredBytes / (double)work.Book.Accepted);

        var began = stage.Clock.Real.GetTimestamp();
        stage.Tell("start_seconds", (await stage.Host.StartAsync(cancel)).TotalSeconds);
        await using var crew = GatewayCrew.Start(stage, static name => new GatewayTerms(name, [Tenant]));
        await stage.UntilAsync(() => work.Book.Leased > 0, Patience);
        stage.Tell("restart_to_first_dispatch_seconds", stage.Clock.Real.GetElapsedTime(began).TotalSeconds);
        var due = (work.Book.Accepted + DueOneIn - 1) / DueOneIn;
        await stage.UntilAsync(() => work.Book.Placed >= due, Patience);
        stage.Tell("due_debtors", due);
        stage.Tell("due_debtors_not_served", due - work.Book.Placed);
        stage.Tell("service_rss_mib_after_restart", Resident(stage));
        stage.MeasuredFrom = began;
    }

    private static double Resident(LoadStage stage) => new ProcessMeter("service", () => stage.Host.ProcessId).Read().ResidentBytes / MiB;
}
