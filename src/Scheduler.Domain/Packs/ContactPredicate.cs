using System.Collections.Immutable;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Packs;

/// <summary>What a contact must have been to be counted: facts that must hold, facts that must not, alternatives, exclusions.</summary>
public sealed record ContactPredicate
{
    public static readonly ContactPredicate Always = new();

    public CountedFacts Require { get; init; }

    public CountedFacts Exclude { get; init; }

    public ImmutableArray<ContactPredicate> Any { get; init; } = [];

    public ImmutableArray<ContactPredicate> Not { get; init; } = [];

    /// <summary>Only a conversation fits: then the accounts discussed are counted, not all that were on the dispatch.</summary>
    public bool IsConversation => (Require & CountedFacts.TwoWay) != 0;

    public bool Matches(CountedFacts facts)
    {
        if ((facts & Require) != Require || (facts & Exclude) != 0) return false;
        foreach (var not in Not)
        {
            if (not.Matches(facts)) return false;
        }

        if (Any.IsEmpty) return true;
        foreach (var any in Any)
        {
            if (any.Matches(facts)) return true;
        }

        return false;
    }

    /// <summary>Both must hold.</summary>
    public ContactPredicate And(ContactPredicate other) =>
        this == Always ? other
        : other == Always ? this
        : new()
        {
            Require = Require | other.Require,
            Exclude = Exclude | other.Exclude,
            Any = Any.IsEmpty ? other.Any : other.Any.IsEmpty ? Any : throw new NotSupportedException("Two lists of alternatives cannot be joined."),
            Not = Not.AddRange(other.Not),
        };
}

/// <summary>Which recorded contacts a rule counts. One that an exception freed from counting is counted as a conversation if it may be one.</summary>
public sealed record CountFilter
{
    public ChannelSet Channels { get; init; } = ChannelSet.All;

    public CodeSet Purposes { get; init; } = CodeSet.All;

    public CodeSet Places { get; init; } = CodeSet.All;

    public ContactPredicate Facts { get; init; } = ContactPredicate.Always;

    public bool Matches(ContactRecord contact) => MatchesAllButFacts(contact) && Facts.Matches(contact.Effective());

    /// <summary>Everything but the facts, which are looked up by who asks for many contacts at once.</summary>
    internal bool MatchesAllButFacts(ContactRecord contact) =>
        (Channels.Contains(contact.Channel) || contact.Channel == ContactChannel.Unknown)
        && (Purposes.Contains((int)contact.Purpose) || contact.Purpose == ContactPurpose.Unknown)
        && (Places.Contains((int)contact.Place) || contact.Place == PointPlace.Unknown)
        && (contact.IsCounted || Facts.IsConversation);
}
