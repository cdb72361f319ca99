using System.CommandLine;
using Scheduler.Cli.Serving;
using Scheduler.Cli.Sessions;
using Spectre.Console;

namespace Scheduler.Cli.Demo;

/// <summary>`scheduler demo`: a real host on loopback, a simulated clock, ten days, and a report.</summary>
internal static class DemoCommand
{
    private const string Tenant = "demo";
    private const string Token = "development";

    public static Command Create(CommandSet set)
    {
        var seed = new Option<long>("--seed") { Description = "Seed of the portfolio and of everybody's behaviour", DefaultValueFactory = _ => 1 };
        var days = new Option<int>("--days") { Description = "Days to play, 1..30", DefaultValueFactory = _ => DemoPlan.DefaultDays };
        var accounts = new Option<int>("--accounts") { Description = "Accounts in the portfolio, 1..100000", DefaultValueFactory = _ => DemoPlan.DefaultAccounts };
        var keep = new Option<bool>("--keep") { Description = "Leave the database where it is, and say where" };
        var command = new Command("demo", "Ten simulated days of 5,000 accounts through the real service, in under a minute") { seed, days, accounts, keep };
        command.SetAction(async (parse, cancel) =>
        {
            if (parse.GetValue(days) is < 1 or > 30) throw new UsageException("--days must be 1..30");
            if (parse.GetValue(accounts) is < 1 or > 100_000) throw new UsageException("--accounts must be 1..100000");
            var plan = new DemoPlan(parse.GetValue(seed), parse.GetValue(days), parse.GetValue(accounts));
            return await RunAsync(set, plan, set.Settings(parse).Json, parse.GetValue(keep), cancel);
        });
        return command;
    }

    private static async Task<int> RunAsync(CommandSet set, DemoPlan plan, bool json, bool keep, CancellationToken cancel)
    {
        await using var host = await PrivateHost.StartAsync(DemoPlan.Start, keep, cancel);
        using var session = new ServiceSession(host.Address, Token);
        var run = new DemoRun(session, plan, Tenant, set.Environment.Clock);
        if (!json) await set.Environment.Error.WriteLineAsync($"{plan.Accounts:N0} accounts, {plan.Days} days from {DemoPlan.FirstDay:uuuu-MM-dd}, host {host.Address}");
        var report = await DemoScreen.ShowAsync(set, json, watch => run.PlayAsync(watch, cancel));
        if (json) await set.Environment.Output.WriteLineAsync(report.ToJson());
        else ReportPage.Write(set.Console(set.Environment.Output), report);
        if (keep) await set.Environment.Error.WriteLineAsync($"kept: {host.Folder}");
        if (report.IsClean) return ExitCode.Done;
        await set.Environment.Error.WriteLineAsync($"error: {report.Violations} violations, conservation difference {report.ConservationDifference}");
        return ExitCode.Failed;
    }
}
