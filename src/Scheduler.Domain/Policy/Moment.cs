using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

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

    /// <summary>First instant after this one at which a fact of the ledger begins to stand; never, where all do.</summary>
    public long NextGiven(in PolicyQuestion question)
    {
        var next = Calendars.Ticks.Never;
        if (!Place.HasGivenAfter(question.Debtor, Ticks)) return next;
        foreach (var fact in question.Debtor.Consents)
        {
            if (Calendars.Ticks.Of(fact.GivenAt) is var given && given > Ticks) next = Math.Min(next, given);
        }

        return next;
    }

    /// <summary>First instant at which a filter of the question may say otherwise, because a day begins somewhere.</summary>
    public long NextChange(FactFilter filter, in PolicyQuestion question) =>
        filter.NextChange(question, LastDay) is var day && day == int.MaxValue ? Calendars.Ticks.Never : Candidates.StartAnywhere(day);
}

/// <summary>Shorthands over the question that several rules need.</summary>
internal static class QuestionExtensions
{
    public static string Creditor(this in PolicyQuestion question) => question.Accounts.IsDefaultOrEmpty ? "" : question.Accounts[0].CreditorId;

    /// <summary>How the ledger stands for the contact, as if it had this purpose.</summary>
    public static ConsentStanding StandingFor(this in PolicyQuestion question, ContactPurpose purpose, Instant at) =>
        ConsentLedger.Standing(question.Debtor.Consents, question.Channel, purpose, question.Point.Id, question.Creditor(), at);

    /// <summary>Until when the provider lets the debtor's last message through this channel be answered freely; null: no session is open.</summary>
    public static Instant? SessionEnd(this in PolicyQuestion question, Instant at)
    {
        Instant? end = null;
        foreach (var contact in question.Debtor.Contacts)
        {
            if (contact.SessionExpiresAt is not { } expires || contact.Channel != question.Channel || contact.PlacedAt > at || expires <= at) continue;
            if (contact.Point != default && contact.Point != question.Point.Id) continue;
            if (end is null || expires > end) end = expires;
        }

        return end;
    }

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
