namespace Scheduler.Host;

/// <summary>What the process answers when it ends.</summary>
internal static class ExitCodes
{
    public const int Clean = 0;

    /// <summary>The configuration was refused; nothing was started.</summary>
    public const int Configuration = 2;

    /// <summary>The database could not be opened: another process holds it, or it cannot be read.</summary>
    public const int Storage = 3;
}
