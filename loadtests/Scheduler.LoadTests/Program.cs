using Scheduler.Cli.Sessions;
using Scheduler.LoadTests;
using Scheduler.LoadTests.Reporting;
using Spectre.Console;

#pragma warning disable RS0030 // The outermost layer: the only place where the process's own clock is taken.
var clock = TimeProvider.System;
#pragma warning restore RS0030

if (LoadOptions.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(LoadOptions.Usage);
    return ExitCode.Usage;
}

var report = await new LoadRun(options, clock, AnsiConsole.Console).RunAsync($"loadtests -- {string.Join(' ', args)}", CancellationToken.None);
Console.WriteLine(ReportText.Write(report));
if (options.ReportFolder.Length > 0) await ReportFiles.WriteAsync(options.ReportFolder, report);
if (options.IsRecorded) await ReportFiles.RecordAsync(report);
return report.IsClean ? ExitCode.Done : ExitCode.Failed;
