using System.CommandLine;
using System.Runtime.InteropServices;
using Scheduler.Cli.Sessions;

namespace Scheduler.Cli.Serving;

/// <summary>`scheduler serve`: runs the host until it ends, passes signals on, and answers its exit code.</summary>
internal static class ServeCommand
{
    public static Command Create(CommandSet set)
    {
        var config = new Option<string>("--config") { Description = "Configuration file (JSON)" };
        var data = new Option<string>("--data") { Description = "Folder of the database, created if missing" };
        var listen = new Option<string>("--listen") { Description = "Address to listen on, host:port; 127.0.0.1:7070 if not given" };
        var rest = new Argument<string[]>("SETTINGS") { Description = "Further settings of the host, after --: Section:Name=value", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("serve", "Run the service") { config, data, listen, rest };
        command.SetAction(async (parse, cancel) =>
        {
            var address = parse.GetValue(listen) is { } given ? Listen(given) : [];
            return await RunAsync(set, [.. Settings(parse.GetValue(config), parse.GetValue(data), [.. address, .. parse.GetValue(rest) ?? []])], cancel);
        });
        return command;
    }

    /// <summary>The host's arguments: its file, its folder, and settings as they were given.</summary>
    public static IEnumerable<string> Settings(string? file, string? folder, string[]? rest)
    {
        if (file is not null) yield return "--config";
        if (file is not null) yield return file;
        if (folder is not null) yield return $"--Storage:Directory={folder}";
        foreach (var setting in rest ?? []) yield return setting.StartsWith("--", StringComparison.Ordinal) ? setting : $"--{setting}";
    }

    /// <summary>"host:port" as the host's two settings; a scheme in front is taken off.</summary>
    public static string[] Listen(string address)
    {
        var text = address.Contains("://", StringComparison.Ordinal) ? address[(address.IndexOf("://", StringComparison.Ordinal) + 3)..] : address;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), out var port) || port is < 0 or > 65_535)
            throw new UsageException($"--listen must be host:port, not '{address}'");
        return [$"--Listen:Address={text[..colon].Trim('[', ']')}", $"--Listen:Port={port}"];
    }

    public static async Task<int> RunAsync(CommandSet set, List<string> arguments, CancellationToken cancel)
    {
        await using var host = HostProcess.Start(arguments, onLine: null);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Pass(host, context));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Pass(host, context));
        await host.WaitAsync(CancellationToken.None);
        if (host.ExitCode != 0 && !cancel.IsCancellationRequested) await set.Environment.Error.WriteLineAsync($"the host ended with exit code {host.ExitCode}");
        return host.ExitCode;
    }

    // The host drains and says when it is done: this process outlives the signal so that its caller waits for the right thing.
    private static void Pass(HostProcess host, PosixSignalContext context)
    {
        context.Cancel = true;
        host.Signal(context.Signal);
    }
}
