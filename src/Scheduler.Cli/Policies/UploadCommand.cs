using System.CommandLine;
using Scheduler.Cli.Sessions;
using Scheduler.V1;

namespace Scheduler.Cli.Policies;

/// <summary>`scheduler policy upload FOLDER|FILE`: stores a pack file as a draft; what is wrong with it is printed with its line.</summary>
internal static class UploadCommand
{
    private const string Definition = "pack.yaml";

    public static Command Create(CommandSet set)
    {
        var path = new Argument<string>("PATH") { Description = "Folder with pack.yaml, cases.md and sources.md, or one YAML file" };
        var reason = new Option<string>("--reason") { Description = "Why" };
        var check = new Option<bool>("--check") { Description = "Read it and run its cases; store nothing" };
        var everybody = PolicyCommand.Everybody();
        var command = new Command("upload", "Store a pack or overlay as a draft") { path, reason, check, everybody };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var (folder, file) = Find(parse.GetRequiredValue(path));
            var request = new CreatePackVersionRequest
            {
                TenantId = PolicyCommand.TenantOf(parse, everybody, settings),
                DefinitionYaml = await File.ReadAllTextAsync(file, cancel),
                CasesMarkdown = await BesideAsync(folder, "cases.md", cancel),
                SourcesMarkdown = await BesideAsync(folder, "sources.md", cancel),
                Actor = new Actor { Reason = parse.GetValue(reason) ?? "" },
                ValidateOnly = parse.GetValue(check),
            };
            var answer = await session.Policy.CreatePackVersionAsync(request, cancellationToken: cancel);
            if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(answer));
            else await WriteAsync(set.Environment, file, answer);
            return answer.PackVersions.Count > 0 ? ExitCode.Done : ExitCode.Failed;
        }));
        return command;
    }

    private static async Task WriteAsync(CliEnvironment environment, string file, CreatePackVersionResponse answer)
    {
        foreach (var problem in answer.Problems) await environment.Error.WriteLineAsync($"{file}({problem.Line},{problem.Column}): {problem.Message}");
        foreach (var failed in answer.FailedCases) await environment.Error.WriteLineAsync(failed);
        foreach (var version in answer.PackVersions) await environment.Output.WriteLineAsync(version);
        await environment.Error.WriteLineAsync($"{answer.CaseCount} cases, {answer.FailedCases.Count} failed");
    }

    private static (string Folder, string File) Find(string path)
    {
        if (Directory.Exists(path)) return (path, Path.Combine(path, Definition));
        if (!File.Exists(path)) throw new UsageException($"there is no {path}");
        return (Path.GetFileName(path) == Definition ? Path.GetDirectoryName(Path.GetFullPath(path))! : "", path);
    }

    private static Task<string> BesideAsync(string folder, string name, CancellationToken cancel) =>
        folder.Length > 0 && File.Exists(Path.Combine(folder, name)) ? File.ReadAllTextAsync(Path.Combine(folder, name), cancel) : Task.FromResult("");
}
