using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Policy;

/// <summary>An instant judged for one debtor: the local dates it may be there.</summary>
internal readonly struct Moment
{
    public Moment(Instant at, ResolvedPlace place)
    {
        At = at;
        Place = place;
        (FirstDay, LastDay) = place.Candidates.LocalDays(at.ToUnixTimeTicks());
    }

    public Instant At { get; }

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
