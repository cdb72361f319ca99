using System.Collections.Immutable;

namespace Scheduler.Storage.Tallies;

/// <summary>Names of the counters as stored.</summary>
public static class TallyMeasures
{
    public const string PhasePrefix = "phase:";
    public const string AccountsIn = "accounts_in";
    public const string Waiting = "waiting";
    public const string Leased = "leased";
    public const string Refused = "refused";
    public const string Finished = "finished";

    /// <summary>The tally that stored counters make together.</summary>
    public static StoreTally ToTally(IEnumerable<(string Measure, long Value)> rows)
    {
        var debtors = ImmutableSortedDictionary.CreateBuilder<int, long>();
        var accounts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (measure, value) in rows)
        {
            if (!measure.StartsWith(PhasePrefix, StringComparison.Ordinal)) accounts.Add(measure, value);
            else if (value != 0) debtors.Add(int.Parse(measure.AsSpan(PhasePrefix.Length)), value);
        }

        return new StoreTally
        {
            Debtors = debtors.ToImmutable(),
            AccountsIn = accounts.GetValueOrDefault(AccountsIn),
            Waiting = accounts.GetValueOrDefault(Waiting),
            Leased = accounts.GetValueOrDefault(Leased),
            Refused = accounts.GetValueOrDefault(Refused),
            Finished = accounts.GetValueOrDefault(Finished),
        };
    }
}
