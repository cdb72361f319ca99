namespace Scheduler.Cli.Sessions;

/// <summary>What a command may know of the world around it; tests put their own in its place.</summary>
internal sealed record CliEnvironment(TextWriter Output, TextWriter Error, TimeProvider Clock, Func<string, string?> Variable)
{
    /// <summary>Tables and progress are drawn only where a person looks.</summary>
    public bool IsInteractive { get; init; }
}
