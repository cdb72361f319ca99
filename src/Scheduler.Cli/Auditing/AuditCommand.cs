using System.Collections.Immutable;
using System.CommandLine;
using Scheduler.Cli.Sessions;
using Scheduler.Protocol.Reports;
using Scheduler.V1;

namespace Scheduler.Cli.Auditing;

/// <summary>`scheduler audit …`: proof that the log is whole and that every contact was lawful, and the evidence for one debtor.</summary>
internal static class AuditCommand
{
    public static Command Create(CommandSet set)
    {
        var command = new Command("audit", "Verify the event log; export the evidence for one debtor") { Verify(set), Export(set), Key(set) };
        return command;
    }

    private static Command Verify(CommandSet set)
    {
        var debtor = new Option<string>("--debtor") { Description = "One debtor's chain and leases alone" };
        var all = new Option<bool>("--all") { Description = "Every debtor of the tenant (the default)" };
        var key = KeyOption();
        var roots = new Option<string>("--roots") { Description = "Your copy of the roots file (Evidence:RootsFile): each of its lines must be among the roots that the service lists" };
        var command = new Command("verify", "Recompute every chain, check the signed daily roots, judge every lease again; exit code 1 if anything is wrong") { debtor, all, key, roots };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var one = parse.GetValue(debtor);
            if (one is not null && parse.GetValue(all)) throw new UsageException("--debtor and --all exclude each other");
            var question = new AuditQuestion(settings.Tenant, one ?? "", ReadKeys(parse.GetValue(key))) { RootsCopy = ReadRoots(parse.GetValue(roots)) };
            var report = await LogAudit.RunAsync(session, question, PacksOfTheTime.Of(session, question.Tenant), null, cancel);
            if (settings.Json) await set.Environment.Output.WriteLineAsync(AuditText.Json(report));
            else AuditText.Write(set.Environment.Output, report);
            return report.IsClean ? ExitCode.Done : ExitCode.Failed;
        }));
        return command;
    }

    private static Command Export(CommandSet set)
    {
        var debtor = new Option<string>("--debtor") { Description = "Debtor's id in the tenant", Required = true };
        var format = new Option<string>("--format") { Description = "html or json", DefaultValueFactory = _ => "html" };
        format.AcceptOnlyFromAmong("html", "json");
        var output = new Option<string>("--out") { Description = "File to write; default: standard output" };
        var key = KeyOption();
        var command = new Command("export", "The evidence for one debtor, as a report that a regulator could be sent") { debtor, format, output, key };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var question = new AuditQuestion(settings.Tenant, parse.GetRequiredValue(debtor), ReadKeys(parse.GetValue(key)));
            var evidence = await EvidenceGathering.RunAsync(session, question, set.Environment.Clock, cancel);
            var text = parse.GetValue(format) == "json" ? EvidenceJson.Write(evidence) : EvidencePage.Write(evidence);
            if (parse.GetValue(output) is { } path) await File.WriteAllTextAsync(path, text, cancel);
            else await set.Environment.Output.WriteAsync(text);
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Key(CommandSet set)
    {
        var output = new Option<string>("--out") { Description = "File to write; default: standard output" };
        var all = new Option<bool>("--all") { Description = "The keys that were replaced too, each with the days of the roots it signed" };
        var command = new Command("key", "The public key that daily roots verify under, to be kept apart from the service") { output, all };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var answer = await session.Evidence.ListRootsAsync(new ListRootsRequest { TenantId = settings.Tenant }, cancellationToken: cancel);
            var text = !parse.GetValue(all) ? answer.PublicKeyPem : settings.Json ? RootKeyText.Json(answer.Keys) : RootKeyText.Pem(answer.Keys);
            if (parse.GetValue(output) is { } path) await File.WriteAllTextAsync(path, text, cancel);
            else await set.Environment.Output.WriteAsync(text);
            return ExitCode.Done;
        }));
        return command;
    }

    private static Option<string[]> KeyOption() => new("--public-key")
    {
        Description = "Your copies of the roots' public keys (PEM), the replaced ones too; one file with several blocks, or several files. Default: the one the service tells",
        Arity = ArgumentArity.OneOrMore,
    };

    private static RootsCopy? ReadRoots(string? path)
    {
        if (path is null) return null;
        using var file = File.OpenText(path);
        try
        {
            return RootsCopy.Read(file);
        }
        catch (FormatException fault)
        {
            throw new UsageException($"--roots {path}: {fault.Message}");
        }
    }

    private static ImmutableArray<string> ReadKeys(string[]? paths)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var path in paths ?? [])
        {
            var text = File.ReadAllText(path);
            try
            {
                RootKeys.Read([text]).Dispose();
            }
            catch (FormatException fault)
            {
                throw new UsageException($"--public-key {path}: {fault.Message}");
            }

            texts.Add(text);
        }

        return texts.ToImmutable();
    }
}
