using Scheduler.Cli.Sessions;

namespace Scheduler.Cli.Tests.Sessions;

/// <summary>One run of the whole command line: its exit code and what it wrote.</summary>
internal sealed record CommandRun(int Code, string Output, string Error)
{
    public static async Task<CommandRun> OfAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
#pragma warning disable RS0030 // The outermost layer of a test that runs the whole command line.
        var environment = new CliEnvironment(output, error, TimeProvider.System, _ => null);
#pragma warning restore RS0030
        var code = await CommandLine.RunAsync(arguments, environment);
        return new CommandRun(code, output.ToString(), error.ToString());
    }
}
