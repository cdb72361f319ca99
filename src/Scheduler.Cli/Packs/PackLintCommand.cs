using System.Collections.Immutable;
using System.CommandLine;
using Scheduler.Cli.Sessions;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Linting;

namespace Scheduler.Cli.Packs;

/// <summary>`scheduler pack lint`: is a pack written well, does every figure have a source, does a case stand at every border?</summary>
internal static class PackLintCommand
{
    public static Command Create(CommandSet set)
    {
        var paths = PackCommand.Paths();
        var command = new Command("lint", "Faults of packs, each with file, line and column") { paths };
        command.SetAction(parse =>
        {
            var folders = PackPaths.Read(parse.GetValue(paths) ?? []);
            var among = PackFolder.WithShipped(folders);
            var findings = folders.AsParallel().AsOrdered().SelectMany(folder => PackLint.Run(folder, among)).ToImmutableArray();
            if (set.Settings(parse).Json) PackCommand.WriteJson(set.Environment.Output, new { folders = folders.Select(folder => folder.Code), findings });
            else Write(set.Environment.Output, folders.Length, findings);
            return findings.Any(finding => finding.IsError) ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static void Write(TextWriter output, int folders, ImmutableArray<LintFinding> findings)
    {
        foreach (var finding in findings) output.WriteLine(finding);
        var errors = findings.Count(finding => finding.IsError);
        output.WriteLine($"{folders} {(folders == 1 ? "pack folder" : "pack folders")}: {errors} {(errors == 1 ? "error" : "errors")}, {findings.Length - errors} {(findings.Length - errors == 1 ? "warning" : "warnings")}");
    }
}
