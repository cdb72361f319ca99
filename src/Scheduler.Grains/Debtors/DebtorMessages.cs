using System.Collections.Immutable;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Gateways;
using Scheduler.Grains.Pulls;

namespace Scheduler.Grains.Debtors;

/// <summary>Something said about a debtor: a serialized message of the protocol, and who said it.</summary>
/// <param name="Body">Never changed after it was sent.</param>
/// <param name="Actor">Id from the credential.</param>
/// <param name="Alias">Debtor that it was said of, where an alias handed it on.</param>
[GenerateSerializer, Immutable, Alias("scheduler.submission")]
public sealed record Submission(ReadOnlyMemory<byte> Body, string Actor, string Alias = "");

/// <summary>Why something was refused.</summary>
/// <param name="Reason">UPPER_SNAKE, as in <c>google.rpc.ErrorInfo.reason</c>.</param>
/// <param name="Detail">One sentence without personal data.</param>
/// <param name="Field">Path inside the item; empty when no field is to blame.</param>
[GenerateSerializer, Immutable, Alias("scheduler.fault")]
public sealed record Fault(string Reason, string Detail, string Field = "");

/// <summary>What became of an entry. Numbers are those of the protocol's <c>EntryState</c>.</summary>
[GenerateSerializer]
public enum EntryOutcome { Unknown = 0, Accepted = 1, Unchanged = 2, Stale = 3, Rejected = 4 }

/// <summary>Answer to an entry.</summary>
/// <param name="WakeAt">First instant at which the debtor will be looked at; null when finished or held.</param>
/// <param name="Fault">Set when rejected.</param>
[GenerateSerializer, Immutable, Alias("scheduler.entry-answer")]
public sealed record EntryAnswer(EntryOutcome Outcome, DateTimeOffset? WakeAt, Fault? Fault);

/// <summary>Answer to a signal.</summary>
/// <param name="Revoked">Dispatch ids of leases that it withdrew.</param>
/// <param name="Unstoppable">Dispatch ids of leases that had been confirmed already.</param>
/// <param name="Fault">Set when it was not recorded.</param>
/// <param name="Parts">Debtors that were split from this one after the dispatch that it is about: what binds binds them too.</param>
[GenerateSerializer, Immutable, Alias("scheduler.signal-answer")]
public sealed record SignalAnswer(
    bool Recorded, bool Duplicate, ImmutableArray<string> Revoked, ImmutableArray<string> Unstoppable, Fault? Fault, ImmutableArray<string> Parts)
{
    public SignalAnswer(bool recorded, bool duplicate, ImmutableArray<string> revoked, ImmutableArray<string> unstoppable, Fault? fault)
        : this(recorded, duplicate, revoked, unstoppable, fault, [])
    {
    }
}

/// <summary>Answer to a closure or to a contact made elsewhere.</summary>
/// <param name="Done">Done now or before.</param>
/// <param name="Duplicate">It had been done before.</param>
[GenerateSerializer, Immutable, Alias("scheduler.item-answer")]
public sealed record ItemAnswer(bool Done, bool Duplicate, Fault? Fault);

/// <summary>Whether a debtor is there.</summary>
/// <param name="AliasOf">Debtor into which it was merged; empty if none.</param>
[GenerateSerializer, Immutable, Alias("scheduler.debtor-standing")]
public sealed record DebtorStanding(bool Found, string AliasOf);

/// <summary>Answer to the beginning of a merge.</summary>
/// <param name="Into">Debtor that remains.</param>
/// <param name="IsAlias">It was merged before.</param>
/// <param name="Fault">Set when it does not close.</param>
[GenerateSerializer, Immutable, Alias("scheduler.merge-answer")]
public sealed record MergeAnswer(string Into, bool IsAlias, Fault? Fault);

/// <summary>What goes to a new debtor.</summary>
/// <param name="NewDebtor">Empty: whatever split is under way.</param>
/// <param name="IsTaken">The new id is somebody's already.</param>
[GenerateSerializer, Immutable, Alias("scheduler.split-order")]
public sealed record SplitOrder(string NewDebtor, ImmutableArray<string> Accounts, ImmutableArray<string> Points, string RequestId, bool IsTaken)
{
    public static readonly SplitOrder UnderWay = new("", [], [], "", IsTaken: false);
}

/// <summary>Answer to the beginning of a split.</summary>
/// <param name="UnderWay">New debtor of the split that is under way; empty: none is, or its debtor has let go already.</param>
/// <param name="Fault">Set when it does not close.</param>
[GenerateSerializer, Immutable, Alias("scheduler.split-answer")]
public sealed record SplitAnswer(string UnderWay, bool Duplicate, Fault? Fault);

/// <summary>A protobuf message about the debtor; empty when there is no such debtor.</summary>
[GenerateSerializer, Immutable, Alias("scheduler.debtor-answer")]
public sealed record DebtorAnswer(bool Found, ReadOnlyMemory<byte> Body)
{
    public static readonly DebtorAnswer NotFound = new(Found: false, ReadOnlyMemory<byte>.Empty);
}

/// <summary>What a shard knew when it woke the debtor.</summary>
/// <param name="Version">Row version seen in the due index; 0 if unknown.</param>
[GenerateSerializer, Immutable, Alias("scheduler.wake-hint")]
public sealed record WakeHint(long Version);

/// <summary>What a change of the rules meant for the debtor.</summary>
/// <param name="Moved">Its wake is another.</param>
/// <param name="Revoked">Its lease was withdrawn.</param>
[GenerateSerializer, Immutable, Alias("scheduler.replan-answer")]
public sealed record ReplanAnswer(bool Moved, bool Revoked);

/// <summary>A gateway that wants the debtor's dispatch.</summary>
/// <param name="OfferedVersion">Row version of the offer; another one is decided anew.</param>
/// <param name="Deadline">After this instant nobody waits for the answer any more.</param>
/// <param name="SenderId">Sender that is to place it; empty: the gateway chooses.</param>
/// <param name="Point">The only point that room was made for; empty: any.</param>
[GenerateSerializer, Immutable, Alias("scheduler.lease-request")]
public sealed record LeaseRequest(
    string GatewayId,
    string InstanceId,
    string PullId,
    ContactChannel Channel,
    TimeSpan Duration,
    bool ConfirmRequired,
    long OfferedVersion,
    DateTimeOffset Deadline,
    string SenderId = "",
    string Point = "");

/// <summary>Why nothing was leased.</summary>
[GenerateSerializer]
public enum LeaseRefusal
{
    None = 0,

    /// <summary>There is no such debtor.</summary>
    NoDebtor = 1,

    /// <summary>A live lease stands, the time between two leases included.</summary>
    HeldByAnother = 2,

    /// <summary>Nothing is planned for this channel now, or the rules say no.</summary>
    NotPermitted = 3,

    /// <summary>The caller no longer waits.</summary>
    TooLate = 4,

    /// <summary>Packs changed or writes may have been lost: nothing is leased until this node knows.</summary>
    EpochChanged = 5,

    /// <summary>Leased and released again: too little time was left to place it.</summary>
    TooShort = 6,

    /// <summary>A pause stops it.</summary>
    Paused = 7,

    /// <summary>Nothing is leased at present, by anybody or on this node.</summary>
    Closed = 8,
}

/// <summary>Answer to a lease request.</summary>
/// <param name="Dispatch">Serialized <c>scheduler.v1.Dispatch</c>; empty when refused.</param>
/// <param name="Verdict">Serialized <c>scheduler.v1.Verdict</c> when the rules refused; else empty.</param>
/// <param name="Withheld">Why it was refused, as pulls count it.</param>
[GenerateSerializer, Immutable, Alias("scheduler.lease-answer")]
public sealed record LeaseAnswer(LeaseRefusal Refusal, string DispatchId, ReadOnlyMemory<byte> Dispatch, ReadOnlyMemory<byte> Verdict, Withheld Withheld = default)
{
    public static LeaseAnswer Refused(LeaseRefusal why) => new(why, "", ReadOnlyMemory<byte>.Empty, ReadOnlyMemory<byte>.Empty, new Withheld(ReasonOf(why), 1, null));

    private static WithheldReason ReasonOf(LeaseRefusal why) => why switch
    {
        LeaseRefusal.HeldByAnother => WithheldReason.Leased,
        LeaseRefusal.NotPermitted => WithheldReason.Rule,
        LeaseRefusal.TooLate or LeaseRefusal.TooShort => WithheldReason.TooLate,
        LeaseRefusal.EpochChanged => WithheldReason.RulesChanged,
        LeaseRefusal.Paused => WithheldReason.Paused,
        LeaseRefusal.Closed => WithheldReason.Closed,
        _ => WithheldReason.NothingDue,
    };
}

/// <summary>Whose lease is meant. Empty instance or pull: any.</summary>
[GenerateSerializer, Immutable, Alias("scheduler.lease-holder")]
public sealed record LeaseHolder(string GatewayId, string InstanceId, string PullId);

/// <summary>The lease that a gateway holds on one debtor.</summary>
/// <param name="Dispatch">Serialized <c>scheduler.v1.Dispatch</c>; empty when there is no live lease of that holder.</param>
/// <param name="Version">Row version that this answer stands on.</param>
/// <param name="Revocation">Set when it was withdrawn and is not settled; <paramref name="Dispatch"/> is empty then.</param>
[GenerateSerializer, Immutable, Alias("scheduler.held-lease")]
public sealed record HeldLease(
    string DispatchId, string InstanceId, bool Confirmed, long Version, ReadOnlyMemory<byte> Token, ReadOnlyMemory<byte> Dispatch, RevocationNotice? Revocation)
{
    public static readonly HeldLease None = new("", "", Confirmed: false, 0, ReadOnlyMemory<byte>.Empty, ReadOnlyMemory<byte>.Empty, null);
}

/// <summary>A lease as its gateway names it.</summary>
[GenerateSerializer, Immutable, Alias("scheduler.lease-claim")]
public sealed record LeaseClaim(string GatewayId, string DispatchId, ReadOnlyMemory<byte> Token);

/// <summary>Answer to a confirmation.</summary>
/// <param name="NotAfter">Go: place before this instant.</param>
/// <param name="Verdict">Not go: serialized <c>scheduler.v1.Verdict</c>.</param>
/// <param name="Fault">Unknown lease or stale token.</param>
[GenerateSerializer, Immutable, Alias("scheduler.confirm-answer")]
public sealed record ConfirmAnswer(bool Go, DateTimeOffset? NotAfter, ReadOnlyMemory<byte> Verdict, Fault? Fault);

/// <summary>Asks for more time, from now.</summary>
[GenerateSerializer, Immutable, Alias("scheduler.lease-extension")]
public sealed record LeaseExtension(LeaseClaim Claim, TimeSpan Duration);

/// <summary>Gives an unconfirmed lease back. Reason: number of the protocol's <c>NotPlacedReason</c>.</summary>
[GenerateSerializer, Immutable, Alias("scheduler.lease-return")]
public sealed record LeaseReturn(LeaseClaim Claim, int Reason);

/// <summary>Answer to a change of a lease.</summary>
[GenerateSerializer, Immutable, Alias("scheduler.lease-change")]
public sealed record LeaseChange(bool Done, DateTimeOffset? ExpiresAt, Fault? Fault);

/// <summary>An outcome or a receipt.</summary>
/// <param name="Body">Serialized message of the protocol.</param>
[GenerateSerializer, Immutable, Alias("scheduler.fact-report")]
public sealed record FactReport(ReadOnlyMemory<byte> Body, string GatewayId, string Actor);

/// <summary>What became of a fact. Numbers are those of the protocol's <c>FactState</c>.</summary>
[GenerateSerializer]
public enum FactFate { Unknown = 0, Recorded = 1, Duplicate = 2, RecordedStale = 3, NoSuchDispatch = 4, Conflict = 5, Invalid = 6 }

/// <summary>Answer to an outcome or a receipt.</summary>
/// <param name="BrokenRules">Rules that the contact turned out to break.</param>
/// <param name="Parts">Debtors that were split from this one after the dispatch: it counts for them too.</param>
/// <param name="DispatchId">The dispatch; empty where there are no parts.</param>
[GenerateSerializer, Immutable, Alias("scheduler.fact-answer")]
public sealed record FactAnswer(FactFate Fate, ImmutableArray<string> BrokenRules, Fault? Fault, ImmutableArray<string> Parts, string DispatchId)
{
    public FactAnswer(FactFate fate, ImmutableArray<string> brokenRules, Fault? fault)
        : this(fate, brokenRules, fault, [], "")
    {
    }
}

/// <summary>From which addresses a fact about the debtor came.</summary>
/// <param name="DispatchId">Dispatch that it is about; empty if none.</param>
/// <param name="ProviderContactId">The provider's id of that dispatch's contact, where the dispatch itself is not known.</param>
/// <param name="Points">Points that it names.</param>
/// <param name="Alias">Debtor that it was said of, where an alias handed it on.</param>
[GenerateSerializer, Immutable, Alias("scheduler.source-question")]
public sealed record SourceQuestion(string DispatchId, string ProviderContactId, ImmutableArray<string> Points, string Alias = "");

/// <summary>Answer to it.</summary>
/// <param name="Debtor">Who answers: the debtor, or the one that it was merged into.</param>
/// <param name="DispatchId">The dispatch, found by the provider's id where that was asked.</param>
/// <param name="Channel">Of the dispatch, if it is known.</param>
/// <param name="Addresses">As the debtor lists them at present. Personal data.</param>
/// <param name="Parts">Debtors that were split from this one after the dispatch: the point may be theirs.</param>
[GenerateSerializer, Immutable, Alias("scheduler.source-answer")]
public sealed record SourceAnswer(string Debtor, string DispatchId, ContactChannel Channel, ImmutableArray<string> Addresses, ImmutableArray<string> Parts)
{
    public static SourceAnswer None(string debtor) => new(debtor, "", ContactChannel.Unknown, [], []);
}

/// <summary>Asks for a contact that nobody planned.</summary>
/// <param name="Body">Serialized <c>scheduler.v1.AuthorizeContactRequest</c>.</param>
/// <param name="Deadline">After this instant nobody waits for the answer any more.</param>
/// <param name="Alias">Debtor that was asked for, where an alias handed it on.</param>
[GenerateSerializer, Immutable, Alias("scheduler.authorize-request")]
public sealed record AuthorizeRequest(ReadOnlyMemory<byte> Body, DateTimeOffset Deadline, string Alias = "");

/// <summary>Answer to it.</summary>
/// <param name="Body">Serialized <c>scheduler.v1.AuthorizeContactResponse</c>; empty with a fault.</param>
/// <param name="Fault">The request itself is wrong.</param>
[GenerateSerializer, Immutable, Alias("scheduler.authorize-answer")]
public sealed record AuthorizeAnswer(ReadOnlyMemory<byte> Body, Fault? Fault)
{
    public static AuthorizeAnswer Wrong(Fault fault) => new(ReadOnlyMemory<byte>.Empty, fault);
}
