using System.CommandLine;
using Spectre.Console;

namespace Scheduler.Cli.Sessions;

/// <summary>What every command is built from: the world, the global options, and a way to open a session.</summary>
internal sealed record CommandSet(CliEnvironment Environment, GlobalOptions Options)
{
    /// <summary>A console that draws to the environment's output: plain text unless a person looks.</summary>
    public IAnsiConsole Console(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = Environment.IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = Environment.IsInteractive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = Environment.IsInteractive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!Environment.IsInteractive) console.Profile.Width = 160;
        return console;
    }

    public CallSettings Settings(ParseResult parse) => Options.Read(parse);

    /// <summary>Runs an action with a session to the service.</summary>
    public async Task<int> CallAsync(ParseResult parse, Func<ServiceSession, CallSettings, Task<int>> action)
    {
        var settings = Settings(parse);
        using var session = new ServiceSession(settings.Address, settings.Token);
        return await action(session, settings);
    }
}
