namespace Scheduler.Cli.Importing;

/// <summary>A mistake in a profile and where it stands, both from 1.</summary>
internal sealed record ProfileFault(long Line, long Column, string Reason)
{
    public override string ToString() => $"line {Line}, column {Column}: {Reason}";
}
