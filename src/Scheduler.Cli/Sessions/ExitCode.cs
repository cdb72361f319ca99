namespace Scheduler.Cli.Sessions;

/// <summary>What the process answers to its caller.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int PartlyRejected = 3;
}

/// <summary>A mistake in how the command was called; answered with <see cref="ExitCode.Usage"/>.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>A failure that needs no stack to be understood; answered with <see cref="ExitCode.Failed"/>.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);
