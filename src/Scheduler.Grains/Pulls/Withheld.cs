using System.Collections.Immutable;
using Scheduler.Domain.Policy;

namespace Scheduler.Grains.Pulls;

/// <summary>Why work was withheld from a pull. Numbers are those of the protocol's <c>WithheldReason</c>.</summary>
[GenerateSerializer]
public enum WithheldReason
{
    None = 0, NothingDue = 1, Paused = 2, Paced = 3, SenderFull = 4, Hours = 5, Cap = 6, NoConsent = 7, Hold = 8, Rule = 9, Leased = 10,
    TooLate = 11, RulesChanged = 12, Unavailable = 13, Closed = 20,
}

/// <summary>Work withheld for one reason, as far as the pull itself met it: nothing is looked up for the count.</summary>
/// <param name="Next">Unix milliseconds of the next instant at which some of it may go; null: not known.</param>
[GenerateSerializer, Immutable, Alias("scheduler.withheld")]
public readonly record struct Withheld(WithheldReason Reason, long Count, long? Next);

/// <summary>Adds up what a pull was not given.</summary>
internal sealed class WithheldTally
{
    private readonly SortedDictionary<WithheldReason, (long Count, long? Next)> _counts = [];

    public bool IsEmpty => _counts.Count == 0;

    public void Add(Withheld more)
    {
        var (known, soonest) = _counts.GetValueOrDefault(more.Reason);
        _counts[more.Reason] = (known + more.Count, soonest is { } a && more.Next is { } b ? Math.Min(a, b) : soonest ?? more.Next);
    }

    public ImmutableArray<Withheld> Read() => [.. _counts.Select(static entry => new Withheld(entry.Key, entry.Value.Count, entry.Value.Next))];

    public static WithheldReason Of(RefusalKind kind) => kind switch
    {
        RefusalKind.Hours => WithheldReason.Hours,
        RefusalKind.Cap => WithheldReason.Cap,
        RefusalKind.Consent => WithheldReason.NoConsent,
        RefusalKind.Hold => WithheldReason.Hold,
        _ => WithheldReason.Rule,
    };
}
