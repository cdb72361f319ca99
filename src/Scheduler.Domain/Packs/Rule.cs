using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Packs;

/// <summary>Where a rule comes from.</summary>
public enum RuleSource : byte { Unknown = 0, Law = 1, Design = 2, Platform = 3 }

/// <summary>Events that a window binds.</summary>
[Flags]
public enum JudgedAt : byte { None = 0, Placed = 1, Delivered = 2 }

/// <summary>What a counter is kept for. None named: the person.</summary>
[Flags]
public enum CountScope : byte
{
    Person = 0, Creditor = 1, Debt = 2, Account = 4, Point = 8, Channel = 16,

    /// <summary>The debtor and the spouse together.</summary>
    Household = 32,

    /// <summary>Kept for no one person: contacts with the other parties of the account, debt or household count too.</summary>
    EveryParty = 64,
}

/// <summary>One rule of a pack, compiled. The union is closed: a kind of rule is code, a jurisdiction never is.</summary>
public abstract record Rule
{
    private Rule()
    {
    }

    public required string Id { get; init; }

    public ContactFilter Governs { get; init; } = ContactFilter.Everything;

    /// <summary>Binds only where this matches; a missing fact matches.</summary>
    public FactFilter When { get; init; } = FactFilter.Always;

    public LocalDate? ValidFrom { get; init; }

    /// <summary>Last date, included.</summary>
    public LocalDate? ValidTo { get; init; }

    public string Source { get; init; } = "";

    public RuleSource SourceKind { get; init; }

    /// <summary>Exceptions of the same pack that may lift this rule.</summary>
    public ImmutableArray<RuleException> Exceptions { get; init; } = [];

    /// <summary>Cheapest and most final first: 0 what no waiting solves, 1 windows, 2 counters.</summary>
    public virtual int Rank => 0;

    /// <summary>Contact only inside the spans, in the debtor's civil time.</summary>
    public sealed record Window(WeekWindow Week, HolidayCalendar? ClosedOn, JudgedAt JudgedAt) : Rule
    {
        public override int Rank => 1;
    }

    /// <summary>
    /// Not more than <see cref="Limit"/> counted contacts in each of the periods. Caps, spacing and "closed until" are all this: a cap of
    /// one per period is closed until the period of that one ends.
    /// </summary>
    public sealed record Counter(int Limit, ImmutableArray<CountPeriod> Periods, CountScope Scope, CountFilter Counts) : Rule
    {
        /// <summary>True for "closed after one": shown as allowing none.</summary>
        public bool IsClosing { get; init; }

        public override int Rank => 2;
    }

    /// <summary>A standing consent is needed for the channel, and for the purpose where <see cref="PerPurpose"/>.</summary>
    public sealed record Consent(bool PerPurpose) : Rule;

    /// <summary>Only these roles may be contacted.</summary>
    public sealed record Party(CodeSet Allowed) : Rule;

    /// <summary>Never, unless a condition frees from it.</summary>
    public sealed record Forbid(Release Unless) : Rule;

    /// <summary>The message must carry these notices.</summary>
    public sealed record Notice(ImmutableArray<string> Required) : Rule;

    /// <summary>One of these facts about the point must be younger than so many local days.</summary>
    public sealed record Fresh(int MaxDays, FreshFacts Of) : Rule;

    /// <summary>A medium that the person refused stays closed.</summary>
    public sealed record MediumOptOut : Rule;

    /// <summary>Names a kind of hold, so that the pack's exceptions can lift it. The hold itself binds everywhere.</summary>
    public sealed record OnHold(HoldKind Kind) : Rule;

    /// <summary>
    /// How long a refusal of certain points binds that was given in one of these ways: so many whole local days after its own. A refusal given in
    /// another way binds until it is taken back, and so does every refusal where no such rule holds.
    /// </summary>
    public sealed record RefusalTerm(int LocalDays, ImmutableArray<string> Methods) : Rule;

    /// <summary>Demands of sender, template or record: the gateway's to keep; stated with the dispatch, not judged here.</summary>
    public sealed record Demand(DemandKind Kind, ImmutableArray<string> Of) : Rule;
}

/// <summary>What a demand is made of: the sender, the template, or what must be kept on record.</summary>
public enum DemandKind : byte { Unknown = 0, Sender = 1, Template = 2, Record = 3 }

/// <summary>Facts about a point that make it fresh.</summary>
[Flags]
public enum FreshFacts : byte { None = 0, PointConfirmed = 1, ReassignmentChecked = 2, ConsentGiven = 4 }

/// <summary>What frees from a forbid rule; every condition given must hold, a missing fact frees nobody.</summary>
public sealed record Release
{
    public static readonly Release Never = new() { Facts = new FactFilter { Uncollected = ["never"] } };

    public FactFilter Facts { get; init; } = FactFilter.Always;

    /// <summary>A consent that names this purpose.</summary>
    public ContactPurpose? ConsentPurpose { get; init; }

    /// <summary>The consent to the purpose was given on the person's own initiative.</summary>
    public bool OwnInitiative { get; init; }

    /// <summary>A consent that names this very point.</summary>
    public bool ConsentForPoint { get; init; }
}
