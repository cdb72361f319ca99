using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Policy;

/// <summary>An instant judged for one question: the local days it may be there, what the recorded contacts count as, how consent stands.</summary>
internal readonly struct Moment
{
    public Moment(in PolicyQuestion question, ResolvedPlace place, long ticks)
    {
        Ticks = ticks;
        At = Instant.FromUnixTimeTicks(ticks);
        Place = place;
        Counted = place.CountedOf(question.Debtor);
        (FirstDay, LastDay) = place.Candidates.LocalDays(ticks);
        if (!question.Debtor.Consents.IsEmpty) Standing = question.StandingFor(question.Purpose, At);
    }

    public Instant At { get; }

    /// <summary><see cref="At"/> in ticks since 1970.</summary>
    public long Ticks { get; }

    public ResolvedPlace Place { get; }

    /// <summary>The debtor's contacts as the counters of the place see them.</summary>
    public CountedContacts Counted { get; }

    /// <summary>How the ledger stands for the question's channel, purpose and point.</summary>
    public ConsentStanding Standing { get; }

    /// <summary>Earliest local date over the candidates.</summary>
    public LocalDate First => EpochDay.DateOf(FirstDay);

    /// <summary>Latest local date over the candidates.</summary>
    public LocalDate Last => EpochDay.DateOf(LastDay);

    /// <summary><see cref="First"/> in days since 1970.</summary>
    public int FirstDay { get; }

    /// <summary><see cref="Last"/> in days since 1970.</summary>
    public int LastDay { get; }

    public ZoneCandidates Candidates => Place.Candidates;

    /// <summary>First instant at which the local day after all of this moment's has begun somewhere.</summary>
    public long Tomorrow => Candidates.StartAnywhere(LastDay + 1);
}

/// <summary>What one rule says of one moment, in ticks since 1970.</summary>
/// <param name="At">Permit: first instant at which it may say otherwise. Defer: it surely does not permit before.</param>
/// <param name="DeliverBefore">The debtor must not receive it at or after this instant; <see cref="Ticks.Never"/>: the rule does not mind.</param>
/// <param name="IsSoft">The permit may well go on after <see cref="At"/>: ask again there.</param>
internal readonly record struct Finding(VerdictKind Kind, long At, long DeliverBefore, bool IsSoft)
{
    public static readonly Finding Permit = new(VerdictKind.Permit, Ticks.Never, Ticks.Never, false);
    public static readonly Finding Forbid = new(VerdictKind.Forbid, Ticks.Never, Ticks.Never, false);

    public bool IsPermit => Kind == VerdictKind.Permit;

    /// <summary>Permits, and no end is in sight.</summary>
    public bool IsOpenEnded => Kind == VerdictKind.Permit && At == Ticks.Never;

    public static Finding PermitUntil(long until, bool soft = false) => new(VerdictKind.Permit, until, Ticks.Never, soft);

    public static Finding DeferUntil(long next) => next == Ticks.Never ? Forbid : new(VerdictKind.Defer, next, Ticks.Never, false);
}

/// <summary>Shorthands over the question that several rules need.</summary>
internal static class QuestionExtensions
{
    public static string Creditor(this in PolicyQuestion question) => question.Accounts.IsDefaultOrEmpty ? "" : question.Accounts[0].CreditorId;

    /// <summary>How the ledger stands for the contact, as if it had this purpose.</summary>
    public static ConsentStanding StandingFor(this in PolicyQuestion question, ContactPurpose purpose, Instant at) =>
        ConsentLedger.Standing(question.Debtor.Consents, question.Channel, purpose, question.Point.Id, question.Creditor(), at);

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
