using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Policy;

/// <summary>An instant judged for one debtor: the local dates it may be there, and what the recorded contacts count as.</summary>
internal readonly ref struct Moment
{
    private readonly ReadOnlySpan<CountedFacts> _facts;

    public Moment(Instant at, ResolvedPlace place, ReadOnlySpan<CountedFacts> facts)
    {
        At = at;
        Place = place;
        _facts = facts;
        Ticks = at.ToUnixTimeTicks();
        (FirstDay, LastDay) = place.Candidates.LocalDays(Ticks);
    }

    public Instant At { get; }

    /// <summary><see cref="At"/> in ticks since 1970, rounded down.</summary>
    public long Ticks { get; }

    public ResolvedPlace Place { get; }

    /// <summary>Earliest local date over the candidates.</summary>
    public LocalDate First => EpochDay.DateOf(FirstDay);

    /// <summary>Latest local date over the candidates.</summary>
    public LocalDate Last => EpochDay.DateOf(LastDay);

    /// <summary><see cref="First"/> in days since 1970.</summary>
    public int FirstDay { get; }

    /// <summary><see cref="Last"/> in days since 1970.</summary>
    public int LastDay { get; }

    public ZoneCandidates Candidates => Place.Candidates;

    /// <summary>Facts of the contacts of a state, worked out once for all rules; as many as the buffer holds.</summary>
    public static ReadOnlySpan<CountedFacts> FactsOf(DebtorState debtor, Span<CountedFacts> buffer)
    {
        var count = Math.Min(buffer.Length, debtor.Contacts.Length);
        for (var index = 0; index < count; index++) buffer[index] = debtor.Contacts[index].Effective();
        return buffer[..count];
    }

    public CountedFacts FactsOf(ImmutableArray<ContactRecord> contacts, int index) => index < _facts.Length ? _facts[index] : contacts[index].Effective();
}

/// <summary>What one rule says of one moment.</summary>
/// <param name="At">Permit: first instant at which it may say otherwise. Defer: it surely does not permit before.</param>
/// <param name="DeliverBefore">The debtor must not receive it at or after this instant; <see cref="Instant.MaxValue"/>: the rule does not mind.</param>
/// <param name="IsSoft">The permit may well go on after <see cref="At"/>: ask again there.</param>
internal readonly record struct Finding(VerdictKind Kind, Instant At, Instant DeliverBefore, bool IsSoft)
{
    public static readonly Finding Permit = new(VerdictKind.Permit, Instant.MaxValue, Instant.MaxValue, false);
    public static readonly Finding Forbid = new(VerdictKind.Forbid, Instant.MaxValue, Instant.MaxValue, false);

    public bool IsPermit => Kind == VerdictKind.Permit;

    public static Finding PermitUntil(Instant until, bool soft = false) => new(VerdictKind.Permit, until, Instant.MaxValue, soft);

    public static Finding DeferUntil(Instant next) => next == Instant.MaxValue ? Forbid : new(VerdictKind.Defer, next, Instant.MaxValue, false);
}

/// <summary>Shorthands over the question that several rules need.</summary>
internal static class QuestionExtensions
{
    public static string Creditor(this in PolicyQuestion question) => question.Accounts.IsDefaultOrEmpty ? "" : question.Accounts[0].CreditorId;

    public static bool Leaves(this in PolicyQuestion question, string contactId) =>
        !string.IsNullOrEmpty(question.ExceptContact) && question.ExceptContact == contactId;

    public static bool Speaks(this in PolicyQuestion question, AccountId id)
    {
        foreach (var account in question.Accounts)
        {
            if (account.Id == id) return true;
        }

        return false;
    }
}
