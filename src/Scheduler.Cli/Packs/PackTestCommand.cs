using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Scheduler.Cli.Sessions;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Cases;
using Scheduler.RulePacks.Mutating;

namespace Scheduler.Cli.Packs;

/// <summary>`scheduler pack test`: do the cases hold, and would they notice if a figure of the pack were wrong?</summary>
internal static class PackTestCommand
{
    public static Command Create(CommandSet set)
    {
        var paths = PackCommand.Paths();
        var noMutants = new Option<bool>("--no-mutants") { Description = "Run the cases alone" };
        var command = new Command("test", "Run the cases of packs, then see whether they notice changes to the packs") { paths, noMutants };
        command.SetAction(parse =>
        {
            var folders = PackPaths.Read(parse.GetValue(paths) ?? []);
            var results = Run(folders, !parse.GetValue(noMutants), set.Environment.Clock);
            if (set.Settings(parse).Json) PackCommand.WriteJson(set.Environment.Output, new { folders = results.Select(Json) });
            else Write(set.Environment.Output, results);
            return results.All(result => result.IsGood) ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static ImmutableArray<Result> Run(ImmutableArray<PackFolder> folders, bool withMutants, TimeProvider clock)
    {
        var among = PackFolder.WithShipped(folders);
        if (!PackLibrary.TryLoad(among.Select(folder => folder.Pack), out var library, out var problems))
            throw new CommandFailedException($"packs that cannot be read{Environment.NewLine}{string.Join(Environment.NewLine, problems)}");
        return [.. folders.AsParallel().AsOrdered().Select(folder =>
        {
            var start = clock.GetTimestamp();
            var trial = CaseTrial.Run(folder, library);
            var mutation = withMutants && trial.Failures.IsEmpty ? PackMutation.Run(folder, among) : null;
            return new Result(trial, mutation, clock.GetElapsedTime(start));
        })];
    }

    private static void Write(TextWriter output, ImmutableArray<Result> results)
    {
        foreach (var result in results)
        {
            foreach (var failure in result.Trial.Failures) output.WriteLine($"{failure.File}({failure.Line},{failure.Column}): {failure.Message}");
            foreach (var survivor in result.Mutation?.Survivors ?? []) output.WriteLine($"{survivor.File}({survivor.Line},{survivor.Column}): no case notices {survivor.Said}");
            foreach (var stale in result.Mutation?.Stale ?? []) output.WriteLine($"{result.Trial.Code}: sources.md excuses what a case notices, or what is no change: {stale}");
        }

        foreach (var result in results)
        {
            var mutants = result.Mutation is { } mutation ? $"{mutation.Killed} of {mutation.Total} mutants killed{(mutation.Excused > 0 ? $" ({mutation.Excused} excused)" : "")}" : result.Trial.Failures.IsEmpty ? "no mutants tried" : "mutants are tried once every case holds";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Trial.Code}: {result.Trial.Rows - result.Trial.Failures.Length} of {result.Trial.Rows} cases hold, {mutants}, {result.Elapsed.TotalSeconds:0.0} s"));
        }
    }

    private static object Json(Result result) => new
    {
        code = result.Trial.Code,
        cases = result.Trial.Rows,
        failures = result.Trial.Failures,
        mutants = result.Mutation?.Total,
        killed = result.Mutation?.Killed,
        excused = result.Mutation?.Excused,
        stale = result.Mutation?.Stale,
        survivors = result.Mutation?.Survivors,
        elapsed_seconds = Math.Round(result.Elapsed.TotalSeconds, 3),
    };

    private sealed record Result(CaseTrialReport Trial, MutationReport? Mutation, TimeSpan Elapsed)
    {
        public bool IsGood => Trial.Failures.IsEmpty && Mutation is null or { IsGood: true };
    }
}
