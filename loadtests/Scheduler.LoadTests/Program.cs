using System.Globalization;
using System.Text.Json;
using Scheduler.Cli.Serving;
using Scheduler.Cli.Sessions;
using Scheduler.LoadTests;

const string Usage = "usage: smoke [--seconds 30] [--debtors 400000] [--record]";
#pragma warning disable RS0030 // The outermost layer: the only place where the process's own clock is taken.
var clock = TimeProvider.System;
#pragma warning restore RS0030

if (args is not ["smoke", ..])
{
    await Console.Error.WriteLineAsync(Usage);
    return ExitCode.Usage;
}

var seconds = Number("--seconds", 30);
var debtors = Number("--debtors", 400_000);
if (seconds is null || debtors is null)
{
    await Console.Error.WriteLineAsync(Usage);
    return ExitCode.Usage;
}

await using var host = await PrivateHost.StartAsync(simulatedFrom: null, keep: false, CancellationToken.None);
using var session = new ServiceSession(host.Address, "development");
var run = new SmokeRun(session, new SmokeTerms(seconds.Value, debtors.Value, $"r{clock.GetUtcNow().ToUnixTimeSeconds()}"), clock);
var report = await run.RunAsync(CancellationToken.None);
Console.WriteLine(report.ToText());
if (args.Contains("--record")) await RecordAsync(report);
return report.IsClean ? ExitCode.Done : ExitCode.Failed;

int? Number(string option, int fallback)
{
    var at = Array.IndexOf(args, option);
    if (at < 0) return fallback;
    return at + 1 < args.Length && int.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}

async Task RecordAsync(SmokeReport figures)
{
    var folder = Directory.CreateDirectory(Path.Combine("loadtests", "results"));
    var name = Path.Combine(folder.FullName, $"smoke-{clock.GetUtcNow():yyyy-MM-dd}");
    var options = new JsonSerializerOptions { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    await File.WriteAllTextAsync($"{name}.json", JsonSerializer.Serialize(figures, options));
    await File.WriteAllTextAsync($"{name}.md", $"# Load smoke, {clock.GetUtcNow():yyyy-MM-dd}\n\n{figures.ToText()}");
}
