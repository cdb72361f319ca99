using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using Scheduler.Cli.Sessions;
using Scheduler.V1;
using Spectre.Console;

namespace Scheduler.Cli.Importing;

/// <summary>`scheduler import FILE --profile P`: a CSV file of accounts into the service.</summary>
internal static class ImportCommand
{
    private const int LargestBatch = 1_000;

    public static Command Create(CommandSet set)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "CSV file; its first line names the columns" };
        var profile = new Option<string>("--profile") { Description = "Mapping profile: a YAML file, or the name of one that ships", Required = true };
        var rejects = new Option<string>("--rejects") { Description = "Where rejected rows go (default: FILE.rejects.csv)" };
        var batch = new Option<int>("--batch") { Description = "Entries a call, 1..1000", DefaultValueFactory = _ => 500 };
        var parallel = new Option<int>("--parallel") { Description = "Calls under way at a time, 1..16", DefaultValueFactory = _ => 4 };
        var validate = new Option<bool>("--validate-only") { Description = "Check everything, store nothing" };
        var asOf = new Option<string>("--as-of") { Description = "Date of the extract, yyyy-mm-dd (default: today in UTC)" };
        var options = new Option<string[]>("--set") { Description = "Option of the profile, name=value", AllowMultipleArgumentsPerToken = false };
        var command = new Command("import", "Import accounts from a CSV file") { file, profile, rejects, batch, parallel, validate, asOf, options };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            if (parse.GetValue(batch) is < 1 or > LargestBatch) throw new UsageException($"--batch must be 1..{LargestBatch}");
            if (parse.GetValue(parallel) is < 1 or > 16) throw new UsageException("--parallel must be 1..16");
            var input = parse.GetRequiredValue(file);
            if (!input.Exists) throw new UsageException($"there is no file '{input}'");
            var terms = new ImportTerms(settings.Tenant, parse.GetValue(batch), parse.GetValue(parallel), parse.GetValue(validate));
            var mapping = LoadProfile(parse.GetRequiredValue(profile));
            var settingsOfProfile = ReadOptions(parse.GetValue(options) ?? [], mapping);
            var day = ReadDate(parse.GetValue(asOf), set.Environment.Clock);
            return await RunAsync(set, session, settings, new(input, mapping, day, settingsOfProfile, parse.GetValue(rejects) ?? $"{input.FullName}.rejects.csv"), terms, cancel);
        }));
        return command;
    }

    /// <summary>Loads a profile by path, or by name from those that ship; all its mistakes at once.</summary>
    public static MappingProfile LoadProfile(string nameOrPath)
    {
        var path = File.Exists(nameOrPath) ? nameOrPath : Path.Combine(AppContext.BaseDirectory, "Samples", Path.ChangeExtension(nameOrPath, "yaml"));
        if (!File.Exists(path)) throw new UsageException($"there is no profile '{nameOrPath}'");
        using var yaml = new StreamReader(path);
        return ProfileLoader.Load(yaml, out var faults)
               ?? throw new UsageException($"profile '{path}' cannot be used:{string.Concat(faults.Select(fault => $"\n  {fault}"))}");
    }

    private static ImmutableDictionary<string, string> ReadOptions(string[] texts, MappingProfile profile)
    {
        var options = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var text in texts)
        {
            var parts = text.Split('=', 2);
            if (parts.Length != 2 || !profile.Options.ContainsKey(parts[0]))
                throw new UsageException($"--set {text}: the profile's options are {string.Join(", ", profile.Options.Keys.Order())}");
            options[parts[0]] = parts[1];
        }

        return options.ToImmutable();
    }

    private static LocalDate ReadDate(string? text, TimeProvider clock)
    {
        if (text is null) return Instant.FromDateTimeOffset(clock.GetUtcNow()).InUtc().Date;
        var date = LocalDatePattern.Iso.Parse(text);
        return date.Success ? date.Value : throw new UsageException($"--as-of must be yyyy-mm-dd, not '{text}'");
    }

    private static async Task<int> RunAsync(
        CommandSet set, ServiceSession session, CallSettings settings, ImportSource source, ImportTerms terms, CancellationToken cancel)
    {
        await using var input = source.Input.OpenRead();
        using var file = new PortfolioFile(input);
        var rejects = new RejectsFile(source.RejectsPath);
        var run = new ImportRun(terms, (request, token) => session.Ingest.EnqueueAccountsAsync(request, cancellationToken: token).ResponseAsync, rejects);
        var mapper = new EntryMapper(new MappingScope(source.Profile, file.Header, source.AsOf, source.Options));
        var started = Stopwatch.GetTimestamp();
        ImportTally tally;
        await using (rejects)
        {
            tally = await WithProgressAsync(set, settings, progress => run.RunAsync(file, mapper, progress, cancel));
        }

        Print(set, settings, tally, tally.RejectedCount > 0 ? source.RejectsPath : "", Stopwatch.GetElapsedTime(started).TotalSeconds);
        return tally.RejectedCount > 0 ? ExitCode.PartlyRejected : ExitCode.Done;
    }

    private static async Task<ImportTally> WithProgressAsync(CommandSet set, CallSettings settings, Func<Action<double>, Task<ImportTally>> run)
    {
        if (settings.Json || !set.Environment.IsInteractive) return await run(_ => { });
        return await set.Console(set.Environment.Error).Progress().StartAsync(context =>
        {
            var bar = context.AddTask("importing", maxValue: 1);
            return run(share => bar.Value = share);
        });
    }

    private static void Print(CommandSet set, CallSettings settings, ImportTally tally, string rejectsPath, double seconds)
    {
        if (settings.Json)
        {
            set.Environment.Output.WriteLine(JsonSerializer.Serialize(new
            {
                rows = tally.ReadCount,
                filtered = tally.FilteredCount,
                accepted = tally.AcceptedCount,
                joined = tally.JoinedCount,
                unchanged = tally.UnchangedCount,
                stale = tally.StaleCount,
                rejected = tally.RejectedCount,
                accounts = tally.AccountCount,
                rejects_file = rejectsPath,
                elapsed_seconds = Math.Round(seconds, 2),
            }));
            return;
        }

        var table = new Table().AddColumn("rows").AddColumn(new TableColumn("count").RightAligned()).Border(TableBorder.Simple);
        foreach (var (name, count) in (ReadOnlySpan<(string, long)>)
                 [
                     ("read", tally.ReadCount), ("left out by the profile", tally.FilteredCount), ("accepted", tally.AcceptedCount),
                     ("further accounts of a debtor", tally.JoinedCount), ("unchanged", tally.UnchangedCount), ("stale", tally.StaleCount),
                     ("rejected", tally.RejectedCount), ("accounts entered", tally.AccountCount),
                 ])
            table.AddRow(name, $"{count:N0}");
        var console = set.Console(set.Environment.Output);
        console.Write(table);
        console.WriteLine($"{seconds:0.0} s");
        if (rejectsPath.Length > 0) console.WriteLine($"rejects: {rejectsPath}");
    }
}

/// <summary>What to import: the file, how to read it, and where rejects go.</summary>
internal sealed record ImportSource(FileInfo Input, MappingProfile Profile, LocalDate AsOf, ImmutableDictionary<string, string> Options, string RejectsPath);
