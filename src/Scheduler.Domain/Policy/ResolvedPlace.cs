using System.Collections.Immutable;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Policy;

/// <summary>The rules of a set of places: the packs that apply, and for each pack the clocks of the places that it covers.</summary>
internal sealed record PlaceRules(PackSelection Selection, ZoneClock[][] Clocks);

/// <summary>Where one debtor may be under one policy, and the rules that apply there.</summary>
internal sealed class ResolvedPlace
{
    public required PolicySnapshot Policy { get; init; }

    public required ImmutableArray<LocationEvidence> Locations { get; init; }

    public required ImmutableArray<ContactPoint> Points { get; init; }

    public required ZoneCandidates Candidates { get; init; }

    public required PlaceRules Rules { get; init; }

    public PackSelection Selection => Rules.Selection;

    /// <summary>What was counted of the debtor's contacts when last asked; valid for that very list.</summary>
    private CountedContacts _counted = CountedContacts.None;

    /// <summary>The same of the debtor's ledger.</summary>
    private SeenLedger _ledger = new([]);

    public bool IsOf(DebtorState debtor, PolicySnapshot policy) =>
        ReferenceEquals(Policy, policy) && Locations == debtor.Profile.Locations && Points == debtor.Points;

    /// <summary>The clocks in which a rule is judged.</summary>
    public ReadOnlySpan<ZoneClock> ClocksOf(BoundRule bound) => Rules.Clocks[bound.PackIndex];

    public LedgerKinds KindsOf(DebtorState debtor) => LedgerOf(debtor).Kinds;

    /// <summary>Whether some fact of the ledger begins to stand only after the instant.</summary>
    public bool HasGivenAfter(DebtorState debtor, long ticks) => LedgerOf(debtor).LastGiven > ticks;

    private SeenLedger LedgerOf(DebtorState debtor)
    {
        var seen = _ledger;
        return seen.Facts == debtor.Consents ? seen : _ledger = new SeenLedger(debtor.Consents);
    }

    public CountedContacts CountedOf(DebtorState debtor)
    {
        if (debtor.Contacts.IsEmpty) return CountedContacts.None;
        var counted = _counted;
        return counted.Contacts == debtor.Contacts ? counted : _counted = new CountedContacts(debtor.Contacts, Selection.Counters);
    }
}

/// <summary>A ledger, the kinds of its facts, and when the last of them was given.</summary>
internal sealed class SeenLedger(ImmutableArray<ConsentFact> facts)
{
    public ImmutableArray<ConsentFact> Facts { get; } = facts;

    public LedgerKinds Kinds { get; } = ConsentLedger.KindsOf(facts);

    public long LastGiven { get; } = LastOf(facts);

    private static long LastOf(ImmutableArray<ConsentFact> facts)
    {
        var last = long.MinValue;
        foreach (var fact in facts) last = Math.Max(last, Ticks.Of(fact.GivenAt));
        return last;
    }
}

/// <summary>Keeps the place with the state it was derived from; copies of the state share it for as long as their hints are the same.</summary>
internal struct PlaceMemo : IEquatable<PlaceMemo>
{
    public ResolvedPlace? Value;

    public readonly bool Equals(PlaceMemo other) => true;

    public override readonly bool Equals(object? obj) => obj is PlaceMemo;

    public override readonly int GetHashCode() => 0;
}
