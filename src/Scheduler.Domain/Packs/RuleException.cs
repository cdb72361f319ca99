using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Packs;

/// <summary>What lifts named rules. Every condition given must hold; a missing fact lifts nothing.</summary>
public sealed record RuleException
{
    public required string Id { get; init; }

    /// <summary>Rules of the same pack.</summary>
    public ImmutableArray<string> Lifts { get; init; } = [];

    public FactFilter When { get; init; } = FactFilter.Always;

    /// <summary>The debtor asked for these hours: adds them to the window, does not lift it.</summary>
    public bool IsRequestedHours { get; init; }

    /// <summary>Papers that a request or consent may stand in.</summary>
    public CodeSet Instruments { get; init; } = CodeSet.All;

    /// <summary>The request or consent was given on a later date than the contract of every account.</summary>
    public bool GivenAfterContract { get; init; }

    /// <summary>The request or consent was given to the one who collects.</summary>
    public bool GivenDirectly { get; init; }

    /// <summary>The contact answers a contact on record in which the debtor took part.</summary>
    public bool IsRequestOpen { get; init; }

    /// <summary>The contact answers one through the same channel.</summary>
    public bool IsSameMedium { get; init; }

    /// <summary>The contact answers an inbound one that is not older.</summary>
    public Duration? InboundWithin { get; init; }

    /// <summary>The provider lets the debtor's last message through this channel be answered freely.</summary>
    public bool IsSessionOpen { get; init; }

    /// <summary>A standing consent names the purpose of this contact.</summary>
    public bool IsConsentedPurpose { get; init; }

    /// <summary>The consent was given at most so many local days ago, its day being day 1.</summary>
    public int? WithinLocalDays { get; init; }

    /// <summary>Contacts of the same purpose that may be made on the strength of one request; 0: no limit.</summary>
    public int Uses { get; init; }

    public bool IsCounted { get; init; } = true;

    public string Source { get; init; } = "";

    public RuleSource SourceKind { get; init; }

    public LocalDate? ValidFrom { get; init; }

    public LocalDate? ValidTo { get; init; }
}
