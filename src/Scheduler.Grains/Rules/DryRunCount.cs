using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;

namespace Scheduler.Grains.Rules;

/// <summary>One debtor whose verdict would change.</summary>
/// <param name="PacksBefore">Versions of the packs in force that apply to it; <paramref name="PacksAfter"/>: of those that are tried.</param>
public sealed record DryRunExample(
    Domain.Debtors.DebtorKey Debtor, Verdict? Before, Verdict? After, ImmutableArray<string> PacksBefore, ImmutableArray<string> PacksAfter);

/// <summary>Whether what is planned for a debtor may be done now.</summary>
public enum DryRunStanding
{
    /// <summary>No, and time alone is not said to change it.</summary>
    Denied = 0,

    /// <summary>Not now: a rule says from when, or nothing is due.</summary>
    Deferred = 1,

    Permitted = 2,
}

/// <summary>What an activation would change, as far as it was looked at. Threading: owned by one run.</summary>
public sealed class DryRunCount
{
    private const int UnreadableNamed = 100;

    private readonly Dictionary<(DryRunStanding Before, DryRunStanding After), long> _moves = [];

    /// <summary>Debtors decided twice.</summary>
    public long Examined { get; private set; }

    /// <summary>Wakes that would come sooner.</summary>
    public long Earlier { get; private set; }

    /// <summary>Wakes that would come later, or never.</summary>
    public long Later { get; private set; }

    public long Revoked { get; private set; }

    /// <summary>Rows that could not be read or decided; <see cref="UnreadableDebtors"/> keeps the first.</summary>
    public long Unreadable { get; private set; }

    public List<Domain.Debtors.DebtorKey> UnreadableDebtors { get; } = [];

    /// <summary>By the rule that would refuse for good.</summary>
    public SortedDictionary<string, long> DeniedBy { get; } = new(StringComparer.Ordinal);

    /// <summary>By the rule that would let a debtor wait who may be contacted now.</summary>
    public SortedDictionary<string, long> DeferredBy { get; } = new(StringComparer.Ordinal);

    /// <summary>By the rule that refuses now, for good or for a time.</summary>
    public SortedDictionary<string, long> PermittedBy { get; } = new(StringComparer.Ordinal);

    /// <summary>Rules that would let more through: they are gone, or a debtor that they stop would be contacted, or sooner.</summary>
    public SortedSet<string> Widening { get; } = new(StringComparer.Ordinal);

    public List<DryRunExample> Examples { get; } = [];

    /// <summary>Rules of packs that would not be in force as they are: only these can let more through than before.</summary>
    internal HashSet<string> Changed { get; } = new(StringComparer.Ordinal);

    /// <summary>Debtors whose standing would be another.</summary>
    public long Moved(DryRunStanding before, DryRunStanding after) => _moves.GetValueOrDefault((before, after));

    internal void Skip(Domain.Debtors.DebtorKey debtor)
    {
        Unreadable++;
        if (UnreadableDebtors.Count < UnreadableNamed) UnreadableDebtors.Add(debtor);
    }

    /// <param name="before">Decided by the rules in force.</param>
    /// <param name="after">Decided by those that are tried.</param>
    /// <param name="exampleLimit">Examples that are kept.</param>
    /// <param name="example">Makes the example of the debtor, where one more is wanted.</param>
    internal void Compare(Decision<WakeReply> before, Decision<WakeReply> after, int exampleLimit, Func<DryRunExample> example)
    {
        Examined++;
        if (IsRevoked(after) && !IsRevoked(before)) Revoked++;
        var (was, willBe) = (StandingOf(before.Reply), StandingOf(after.Reply));
        if (was != willBe)
        {
            _moves[(was, willBe)] = Moved(was, willBe) + 1;
            if (willBe == DryRunStanding.Permitted) Add(PermittedBy, ReasonOf(before.Reply));
            else if (willBe == DryRunStanding.Denied) Add(DeniedBy, ReasonOf(after.Reply));
            else if (was == DryRunStanding.Permitted) Add(DeferredBy, ReasonOf(after.Reply));
            if (Examples.Count < exampleLimit) Examples.Add(example());
        }

        var (wakesAt, wouldWakeAt) = (WakeOf(before.Reply), WakeOf(after.Reply));
        if (wouldWakeAt > wakesAt) Later++;
        if (wouldWakeAt < wakesAt) Earlier++;
        if ((wouldWakeAt < wakesAt || willBe > was) && Changed.Contains(ReasonOf(before.Reply))) Widening.Add(ReasonOf(before.Reply));
    }

    private static bool IsRevoked(Decision<WakeReply> decision) => decision.Effects.Any(static effect => effect is Effect.Revoked);

    /// <summary>A debtor of whom nothing was asked waits for its wake, or for nothing.</summary>
    private static DryRunStanding StandingOf(WakeReply reply) =>
        reply.Offer is not null ? DryRunStanding.Permitted
        : reply.Verdict is { } verdict ? (verdict.Kind == VerdictKind.Forbid ? DryRunStanding.Denied : DryRunStanding.Deferred)
        : reply.WakeAt is null ? DryRunStanding.Denied : DryRunStanding.Deferred;

    /// <summary>What is offered is due, whenever it fell due.</summary>
    private static Instant WakeOf(WakeReply reply) => reply.Offer is not null ? Instant.MinValue : reply.WakeAt ?? Instant.MaxValue;

    private static string ReasonOf(WakeReply reply) => reply.Verdict is { IsPermit: false } verdict ? verdict.RuleId : reply.Wake.Reason;

    private static void Add(SortedDictionary<string, long> by, string rule) => by[rule] = by.GetValueOrDefault(rule) + 1;
}
