using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Planning;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Debtors;

/// <summary>Everything that decisions about one debtor depend on. One row of the store; written whole with the events of the decision.</summary>
/// <remarks>
/// Invariants: at most one live lease; contacts are in order of placing; no collection is default.
/// Threading: immutable. Limits: see <see cref="DebtorLimits"/>; what does not fit stays in the event log only.
/// </remarks>
public sealed record DebtorState
{
    public required DebtorKey Key { get; init; }

    /// <summary>Highest <c>source_version</c> applied; 0 before any.</summary>
    public long SourceVersion { get; init; }

    /// <summary>Digest over the normalised values of the entry with that version: tells a retry from a reused key.</summary>
    public ulong SourceDigest { get; init; }

    public DebtorProfile Profile { get; init; } = DebtorProfile.Empty;

    public ImmutableArray<ContactPoint> Points { get; init; } = [];

    public ImmutableArray<Account> Accounts { get; init; } = [];

    public ImmutableArray<ConsentFact> Consents { get; init; } = [];

    /// <summary>Holds placed and neither lifted nor ended.</summary>
    public ImmutableArray<Hold> Holds { get; init; } = [];

    public ImmutableArray<Promise> Promises { get; init; } = [];

    /// <summary>Contacts that any rule may still count, oldest first, inbound ones and those made elsewhere included.</summary>
    public ImmutableArray<ContactRecord> Contacts { get; init; } = [];

    /// <summary>One per open account.</summary>
    public ImmutableArray<AccountPlan> Plans { get; init; } = [];

    /// <summary>The lease not yet ended by outcome, release or lapse; it may be revoked.</summary>
    public Lease? Lease { get; init; }

    /// <summary>A call the debtor asked for and has not got yet.</summary>
    public Callback? Callback { get; init; }

    public Wake Wake { get; init; } = Wake.None;

    /// <summary>Keys of requests applied, newest last, for idempotency.</summary>
    public ImmutableArray<AppliedRequest> Applied { get; init; } = [];

    /// <summary>Counters that this debtor shares with others; none for most.</summary>
    public ImmutableArray<SharedScope> SharedScopes { get; init; } = [];

    /// <summary>Debts that accounts were known by when contacts about them were made, and are known by no more.</summary>
    public ImmutableArray<FormerDebt> FormerDebts { get; init; } = [];

    public DebtorPhase Phase { get; init; } = DebtorPhase.Waiting;

    /// <summary>Set once the debtor is to become, or is, another's alias.</summary>
    public Merge? Merge { get; init; }

    /// <summary>Set while the debtor is being split, or made by a split.</summary>
    public Split? Split { get; init; }

    /// <summary>Merged or split, or on the way to it, or in quarantine: nothing is leased here, and no plan is made.</summary>
    public bool IsClosed => Merge is not null || Split is not null || Quarantine is not null;

    /// <summary>Debtors that were split from this one, and those that it was split from.</summary>
    public ImmutableArray<PartedDebtor> Parts { get; init; } = [];

    /// <summary>Debtors that are aliases of this one.</summary>
    public ImmutableArray<MergedDebtor> Merged { get; init; } = [];

    /// <summary>Set while the debtor is out of work because its turns failed.</summary>
    public Quarantine? Quarantine { get; init; }

    /// <summary>Number of the last gap of a restore that counts here, or was before the debtor was known.</summary>
    public long GapsCounted { get; init; }

    /// <summary>Head of the debtor's hash chain, 32 bytes; empty before the first event. Set by the turn that writes, not by the decider.</summary>
    public ImmutableArray<byte> ChainHead { get; init; } = [];

    /// <summary>Events written so far; the next one has this sequence plus one.</summary>
    public long EventCount { get; init; }

    /// <summary>Where the debtor may be and which rules apply there: derived by the policy, never stored, no part of equality.</summary>
    internal PlaceMemo Place;
}

/// <summary>What rules and strategies need to know of the person. No name, no tax id.</summary>
public sealed record DebtorProfile
{
    public static readonly DebtorProfile Empty = new();

    public ImmutableArray<LocationEvidence> Locations { get; init; } = [];

    /// <summary>BCP 47; empty if unknown.</summary>
    public string Language { get; init; } = "";

    public bool LanguageRequested { get; init; }

    public bool IsMinor { get; init; }

    public bool EmployerForbidsContact { get; init; }

    /// <summary>0 (none) to 1; null if unknown.</summary>
    public double? RiskScore { get; init; }

    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Debtors who are the spouse, for rules that count both together.</summary>
    public ImmutableArray<string> SpouseIds { get; init; } = [];
}

/// <summary>One hint of where the debtor is, with its source. Empty strings mean unknown.</summary>
public sealed record LocationEvidence(
    string CountryCode, string RegionCode, string MunicipalityCode, string PostalCode, string ZoneId, LocationSource Source, Instant? ObservedAt);

/// <summary>One address of a debtor.</summary>
public sealed record ContactPoint
{
    public required PointId Id { get; init; }

    public required PointKind Kind { get; init; }

    /// <summary>E.164 number, mailbox, token or reference. Personal data: sealed in an event and in the state, never in a log of the service.</summary>
    public required string Address { get; init; }

    /// <summary>Channels it can carry; empty means all that its kind allows.</summary>
    public ChannelSet Channels { get; init; }

    public PointPlace Place { get; init; }

    public PointStatus Status { get; init; } = PointStatus.Unverified;

    public string ObtainedFrom { get; init; } = "";

    public Instant? ConfirmedAt { get; init; }

    public Instant? ReassignmentCheckedAt { get; init; }

    /// <summary>The debtor agreed to be written to or visited here, though the address is another's.</summary>
    public bool IsAgreed { get; init; }

    /// <summary>A gateway said that it is not to be tried before; null: no gateway did.</summary>
    public Instant? RestsUntil { get; init; }

    /// <summary>Not wrong, unreachable or reassigned.</summary>
    public bool IsOpen => Status is PointStatus.Unknown or PointStatus.Unverified or PointStatus.Confirmed;
}

/// <summary>One debt of the debtor, or one that the debtor guarantees.</summary>
public sealed record Account
{
    public required AccountId Id { get; init; }

    public string CreditorId { get; init; } = "";

    public CollectorKind Collector { get; init; }

    public PartyRole Role { get; init; } = PartyRole.Principal;

    /// <summary>Accounts that the law counts as one debt share this key; the account's id where none was given.</summary>
    public string DebtKey { get; init; } = "";

    /// <summary>Lower-case word of the field ("credit_card", "microcredit"); empty if unknown.</summary>
    public string Product { get; init; } = "";

    /// <summary>Owed for personal, family or household use. Null: not known.</summary>
    public bool? IsConsumer { get; init; }

    public Amount Balance { get; init; }

    public Instant? BalanceAt { get; init; }

    /// <summary>Oldest unpaid due date; days past due are counted from it in the debtor's local date. Null: day 0 is the day of entry.</summary>
    public LocalDate? OldestDueOn { get; init; }

    public AccountStage Stage { get; init; }

    public LocalDate? ContractOn { get; init; }

    /// <summary>The limitation period is over. Null: not known.</summary>
    public bool? IsTimeBarred { get; init; }

    /// <summary>Strategy to run; empty: the default of the debtor's country.</summary>
    public string StrategyId { get; init; } = "";

    public string PortfolioId { get; init; } = "";

    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Variables for templates, sorted by key. Personal data.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Variables { get; init; } = [];

    /// <summary>When the account was first entered here; day 0 of its strategy where no due date is known.</summary>
    public Instant EnteredAt { get; init; }

    /// <summary>Null while open.</summary>
    public CloseReason? Closed { get; init; }

    public bool IsOpen => Closed is null;
}


/// <summary>What a contact about the account also was about: the key of its debt then, or the id of an account that has left the state.</summary>
public readonly record struct FormerDebt(AccountId Account, string Key);

/// <summary>A fact that stops contact. Several may be in force; lifting one leaves the others.</summary>
public sealed record Hold
{
    public required string Id { get; init; }

    public required HoldKind Kind { get; init; }

    /// <summary>Accounts it covers; empty: all.</summary>
    public ImmutableArray<AccountId> Accounts { get; init; } = [];

    /// <summary>Creditor it covers; empty: all.</summary>
    public string CreditorId { get; init; } = "";

    /// <summary>Channels it closes; empty: all.</summary>
    public ChannelSet Channels { get; init; }

    public required Instant Start { get; init; }

    /// <summary>Excluded end; null: until lifted.</summary>
    public Instant? End { get; init; }

    public string Method { get; init; } = "";

    public bool IsInForce(Instant at) => Start <= at && (End is not { } end || at < end);
}

/// <summary>A promise to pay: contact about its accounts pauses until the day after the promised date.</summary>
public sealed record Promise
{
    public required string Id { get; init; }

    public ImmutableArray<AccountId> Accounts { get; init; } = [];

    public Amount Amount { get; init; }

    public required LocalDate DueOn { get; init; }

    /// <summary>Paid towards it so far, same currency.</summary>
    public Amount Paid { get; init; }

    public PromiseState State { get; init; } = PromiseState.Pending;
}

/// <summary>A call that the debtor asked for: planned inside [<see cref="Earliest"/>, <see cref="Latest"/>), before any step.</summary>
/// <param name="Point">Point to ring; default: the first that can carry a call.</param>
public sealed record Callback(string SignalId, Instant Earliest, Instant Latest, PointId Point);

/// <summary>A request applied: hash of its key, hash of its normalised body, when. Same key and body: duplicate. Same key, other body: reused.</summary>
public readonly record struct AppliedRequest(ulong Key, uint Body, Instant At);

/// <summary>Next instant at which a debtor must be looked at, and why.</summary>
/// <param name="Reason">Rule or step that decided; where there is no instant, why nothing is to be done.</param>
/// <param name="Channel">Channel of what is planned then: half of the lane's key. Unknown where only something ends or settles.</param>
/// <param name="Band">Priority band, 0 (most urgent) to 3: the other half.</param>
public sealed record Wake(Instant? At, string Reason, ContactChannel Channel = ContactChannel.Unknown, int Band = Wake.LowestBand)
{
    public const int LowestBand = 3;

    public static readonly Wake None = new(null, "");

    /// <summary>Band of a step's priority.</summary>
    public static int BandOf(int priority) => Math.Clamp(priority, 0, 9) * (LowestBand + 1) / 10;
}

/// <summary>Bounds of what one debtor may hold; an entry or signal beyond them is refused with the field's name.</summary>
public static class DebtorLimits
{
    public const int Points = 16;
    public const int Accounts = 32;
    public const int Consents = 48;

    /// <summary>Refusals that stand beyond <see cref="Consents"/> and <see cref="Holds"/>.</summary>
    public const int RefusalsBeyond = 16;

    public const int Holds = 16;
    public const int Promises = 16;

    /// <summary>Contacts kept in the state. When it is full of contacts that rules still count, nothing more is permitted (fail closed).</summary>
    public const int Contacts = 64;

    /// <summary>Debtors merged into one.</summary>
    public const int Merged = 16;

    /// <summary>Debtors that one was split into, and ids under which contacts were made before it was split from another.</summary>
    public const int Parts = 32;

    /// <summary>Accounts, debts and households that one debtor shares with others.</summary>
    public const int SharedScopes = 32;

    /// <summary>Contacts that one debtor shows to the others of a scope; older ones become one that counts for each of them.</summary>
    public const int SharedContacts = 32;

    /// <summary>Debtors named as spouse.</summary>
    public const int Spouses = 4;

    /// <summary>Idempotency keys kept, for at most <see cref="AppliedFor"/>.</summary>
    public const int Applied = 32;

    public static readonly Duration AppliedFor = Duration.FromDays(35);

    /// <summary>Contacts stay at least this long for late facts, and longer while some rule counts them.</summary>
    public static readonly Duration ContactsFor = Duration.FromDays(10);

    /// <summary>Contacts proven not placed, kept so that a contradicting fact finds them.</summary>
    public const int UnplacedContacts = 4;

    /// <summary>How far behind ours a gateway's clock may be when it says when it placed.</summary>
    public static readonly Duration ClockBehind = Duration.FromMinutes(5);

    /// <summary>How far ahead of our clock a fact may claim to have happened.</summary>
    public static readonly Duration FactAhead = Duration.FromMinutes(5);
}
