namespace Scheduler.Storage.Sqlite.Commits;

/// <summary>Names of the counters as stored.</summary>
internal static class TallyMeasures
{
    public const string PhasePrefix = "phase:";
    public const string AccountsIn = "accounts_in";
    public const string Waiting = "waiting";
    public const string Leased = "leased";
    public const string Refused = "refused";
    public const string Finished = "finished";
}
