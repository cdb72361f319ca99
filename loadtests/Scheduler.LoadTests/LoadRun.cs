using System.Collections.Immutable;
using NodaTime;
using Scheduler.Cli.Operations;
using Scheduler.Cli.Sessions;
using Scheduler.Domain.Audit;
using Scheduler.LoadTests.Measuring;
using Scheduler.LoadTests.Reporting;
using Scheduler.LoadTests.Scenarios;
using Scheduler.LoadTests.Service;
using Scheduler.LoadTests.Traffic;
using Scheduler.RulePacks;
using IAnsiConsole = Spectre.Console.IAnsiConsole;

namespace Scheduler.LoadTests;

/// <summary>One run from the start of the service to the report: warm-up, scenario, check of the whole log, figures.</summary>
internal sealed class LoadRun(LoadOptions options, TimeProvider clock, IAnsiConsole console)
{
    private const double MiB = 1 << 20;
    private const int DetailsTold = 10;

    public async Task<LoadReport> RunAsync(string command, CancellationToken cancel)
    {
        var began = clock.GetUtcNow();
        var machine = Machine.Here();
        var scenario = Choose();
        await using var postgres = options is { IsPostgres: true, Connection: "" } ? await ThrowawayPostgres.StartAsync(cancel) : null;
        var isSimulated = options.Scenario == "receipts";
        var simulatedFrom = isSimulated ? Instant.FromDateTimeOffset(began) : (Instant?)null;
        await using var host = new LoadHost([.. HostSettings.Of(options, postgres?.Connection ?? options.Connection, simulatedFrom), .. options.HostSettings]);
        await host.StartAsync(cancel);
        using var session = new ServiceSession(host.Address, "development");
        var processes = Processes(host, postgres);
        var stage = new LoadStage(options, host, session, new LoadClock(clock, simulatedFrom), processes) { DatabaseBytes = postgres is null ? null : () => postgres.StoredBytes };
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var pacing = stage.Clock.PaceAsync(session.Invoker, over.Token);
        if (scenario.WarmsUp) await WarmUp.RunAsync(stage, processes[0], cancel);
        await new LiveDisplay(console, options.IsPlain, $"{options.Scenario} on {options.Store}").ShowAsync(stage.Sampler, async () =>
        {
            using var done = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var sampling = stage.Sampler.RunAsync(done.Token);
            await scenario.RunAsync(stage, cancel);
            await done.CancelAsync();
            await sampling;
        });
        await stage.EndMeasuringAsync();
        var check = await CheckAsync(stage, scenario, cancel);
        await over.CancelAsync();
        await pacing;
        return await ReportAsync(stage, check, command, began, machine);
    }

    private IScenario Choose() => options.Scenario switch
    {
        "smoke" or "steady" => new Steady(hasReceipts: false),
        "soak" => new Steady(hasReceipts: true),
        "burst" => new Burst(),
        "noisy-neighbour" => new NoisyNeighbour(),
        "gateway-stall" => new GatewayStall(),
        "crash-recovery" => new CrashRecovery(),
        "million" => new Million(),
        "receipts" => new Receipts(),
        "crosscheck" => new CrossCheck(),
        _ => throw new ArgumentOutOfRangeException(options.Scenario),
    };

    private static ImmutableArray<ProcessMeter> Processes(LoadHost host, ThrowawayPostgres? postgres)
    {
        ImmutableArray<ProcessMeter> both = [new("service", () => host.ProcessId), new("client", static () => Environment.ProcessId)];
        return postgres is null ? both : both.Add(new("postgres", () => postgres.ProcessId, hasFamily: true));
    }

    private static async Task<CheckFigures> CheckAsync(LoadStage stage, IScenario scenario, CancellationToken cancel)
    {
        long debtors = 0, events = 0, violations = 0, difference = 0;
        List<string> details = [];
        foreach (var tenant in scenario.Tenants)
        {
            var checker = new ComplianceChecker(PackLibrary.LoadShipped().FindVersion);
            await EventFeed.ReadAsync(stage.Session, tenant, checker.Take, cancel);
            var report = checker.Report();
            debtors += report.DebtorCount;
            events += report.EventCount;
            violations += report.ViolationCount;
            details.AddRange(report.Violations.Take(DetailsTold - details.Count).Select(static violation => $"{violation.Kind} {violation.DebtorId}: {violation.Detail}"));
            difference += Math.Abs((await stage.StatisticsAsync(tenant)).ConservationDifference);
        }

        return new CheckFigures(
            debtors, events, violations, [.. details], difference, stage.Measured.Sum(static work => work.Unfinished), stage.Measured.Sum(static work => work.Book.PlacedAgain));
    }

    private async Task<LoadReport> ReportAsync(LoadStage stage, CheckFigures check, string command, DateTimeOffset began, Machine machine)
    {
        var lifecycles = stage.Measured.Sum(static work => work.Book.Placed);
        var seconds = Math.Max(0.001, clock.GetElapsedTime(stage.MeasuredFrom, Math.Max(stage.MeasuredFrom, stage.LastOutcomeAt)).TotalSeconds);
        ImmutableArray<OperationFigures> operations =
            [.. stage.Meters.All.Concat(stage.Measured.Select(static work => work.Lateness)).Select(static meter => meter.Figures()).Where(static figures => figures.Calls + figures.Failures + figures.Repeats > 0)];
        var processes = Use(stage.Sampler.Samples, lifecycles);
        var figures = FigureNames.Of(stage, operations, processes, check, lifecycles / seconds);
        return new LoadReport
        {
            Scenario = options.Scenario,
            Store = options.Store,
            Command = command,
            Began = began,
            Machine = machine,
            OfferedRate = options.IsOpenLoop ? options.Rate : null,
            Lifecycles = lifecycles,
            Seconds = Math.Round(seconds, 2),
            Operations = operations,
            Processes = processes,
            Check = check,
            Figures = figures,
            ServiceCounters = stage.CountersAfter.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Thresholds = Thresholds.Judge(options.AllThresholds, figures),
            Samples = stage.Sampler.Samples,
        };
    }

    private static ImmutableArray<ProcessFigures> Use(ImmutableArray<RunSample> samples, long lifecycles) =>
    [
        .. samples[0].Processes.Select((process, i) =>
        {
            var cpu = samples[^1].Processes[i].Use.CpuSeconds - process.Use.CpuSeconds;
            return new ProcessFigures(
                process.Name, Math.Round(cpu, 2), lifecycles == 0 ? 0 : Math.Round(cpu * 1e6 / lifecycles),
                Math.Round(samples.Average(sample => sample.Processes[i].Use.ResidentBytes) / MiB), Math.Round(samples.Max(sample => sample.Processes[i].Use.ResidentBytes) / MiB));
        }),
    ];
}
