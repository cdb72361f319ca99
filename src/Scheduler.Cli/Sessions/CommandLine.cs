using System.CommandLine;
using Grpc.Core;
using Scheduler.Cli.Auditing;
using Scheduler.Cli.Debtors;
using Scheduler.Cli.Demo;
using Scheduler.Cli.Gateways;
using Scheduler.Cli.Importing;
using Scheduler.Cli.Operations;
using Scheduler.Cli.Packs;
using Scheduler.Cli.Policies;
using Scheduler.Cli.Repairs;
using Scheduler.Cli.Serving;

namespace Scheduler.Cli.Sessions;

/// <summary>The whole command line: builds it, runs one command, and turns what went wrong into words and an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliEnvironment environment)
    {
        var root = new RootCommand("Scheduler: when, through which channel and how often a debtor may lawfully be contacted");
        var set = new CommandSet(environment, new GlobalOptions(root, environment));
        root.Add(ServeCommand.Create(set));
        root.Add(MigrateCommand.Create(set));
        root.Add(ImportCommand.Create(set));
        root.Add(GatewayCommand.Create(set));
        root.Add(ExplainCommand.Create(set));
        root.Add(TimelineCommand.Create(set));
        root.Add(DebtorCommand.Create(set));
        root.Add(SignalCommand.Create(set));
        root.Add(StatsCommand.Create(set));
        root.Add(PauseCommand.Create(set));
        root.Add(PacingCommand.Create(set));
        root.Add(AuditCommand.Create(set));
        root.Add(DemoCommand.Create(set));
        root.Add(PackCommand.Create(set));
        root.Add(PolicyCommand.Create(set));
        root.Add(LeasesCommand.Create(set));
        root.Add(QuarantineCommand.Create(set));
        root.Add(RestoreCommand.Create(set));
        var parse = root.Parse(arguments);
        if (parse.Errors.Count > 0)
        {
            foreach (var fault in parse.Errors) await environment.Error.WriteLineAsync($"error: {fault.Message}");
            await environment.Error.WriteLineAsync("'scheduler --help' lists commands and options");
            return ExitCode.Usage;
        }

        return await InvokeAsync(parse, environment);
    }

    private static async Task<int> InvokeAsync(ParseResult parse, CliEnvironment environment)
    {
        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = environment.Output, Error = environment.Error };
            return await parse.InvokeAsync(configuration);
        }
        catch (UsageException e)
        {
            await environment.Error.WriteLineAsync($"error: {e.Message}");
            return ExitCode.Usage;
        }
        catch (CommandFailedException e)
        {
            await environment.Error.WriteLineAsync($"error: {e.Message}");
            return ExitCode.Failed;
        }
        catch (RpcException e)
        {
            ErrorReport.Write(environment.Error, e);
            return ExitCode.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await environment.Error.WriteLineAsync($"error: {e.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            await environment.Error.WriteLineAsync("stopped");
            return ExitCode.Failed;
        }
    }
}
