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
        place.Candidates.LocalDays(ticks, out var first, out var last);
        FirstDay = first;
        LastDay = last;
        Ledger = place.KindsOf(question.Debtor);
        if ((Ledger & LedgerKinds.Standing) != 0) Standing = question.StandingFor(question.Purpose, At);
    }

    public Instant At { get; }

    /// <summary><see cref="At"/> in ticks since 1970.</summary>
    public long Ticks { get; }

    public ResolvedPlace Place { get; }

    /// <summary>The debtor's contacts as the counters of the place see them.</summary>
    public CountedContacts Counted { get; }

    /// <summary>Kinds of facts in the debtor's ledger.</summary>
    public LedgerKinds Ledger { get; }

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
