using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>Whether an exception holds for this contact, and until when. A missing fact lifts nothing.</summary>
internal static class ExceptionCheck
{
    /// <param name="since">Uses are counted from here if the exception names no earlier request: the start of a hold.</param>
    public static bool Lifts(RuleException exception, in PolicyQuestion question, in Moment moment, Instant since, out long until)
    {
        until = Ticks.Never;
        if (exception.IsRequestedHours || !IsInForce(exception, question, moment)) return false;
        if (exception.ValidTo is { } last) until = moment.Candidates.StartAnywhere(EpochDay.From(last) + 1);
        var begins = since;
        if ((exception.IsRequestOpen || exception.IsSameMedium || exception.InboundWithin is not null) && !Answers(exception, question, moment, ref begins, ref until)) return false;
        if (exception.IsSessionOpen)
        {
            if (question.SessionEnd(moment.At) is not { } sessionEnds) return false;
            until = Math.Min(until, Ticks.Of(sessionEnds));
        }

        if (exception.IsConsentedPurpose && !IsConsented(exception, question, moment, ref begins, ref until)) return false;
        return exception.Uses == 0 || UsesOf(question, begins) < exception.Uses;
    }

    public static bool IsInForce(RuleException exception, in PolicyQuestion question, in Moment moment)
    {
        if (exception.ValidFrom > moment.First || exception.ValidTo < moment.Last) return false;
        if (ReferenceEquals(exception.When, FactFilter.Always)) return true;
        if (!exception.When.AsksAccount || question.Accounts.IsDefaultOrEmpty) return exception.When.Matches(question, null, moment.First);
        foreach (var account in question.Accounts)
        {
            if (!exception.When.Matches(question, account, moment.First)) return false;
        }

        return true;
    }

    /// <summary>The paper, the time and the hearer of a request are as the exception demands.</summary>
    public static bool AcceptsPaper(RuleException exception, ConsentFact fact, in PolicyQuestion question, in Moment moment)
    {
        if (!exception.Instruments.IsAll && !exception.Instruments.Contains((int)fact.Instrument)) return false;
        if (exception.GivenDirectly && !fact.GivenDirectly) return false;
        if (!exception.GivenAfterContract) return true;
        if (question.Accounts.IsDefaultOrEmpty) return false;
        var given = moment.Candidates.LocalDates(fact.GivenAt).First;
        foreach (var account in question.Accounts)
        {
            if (account.ContractOn is not { } contract || given <= contract) return false;
        }

        return true;
    }

    private static bool Answers(RuleException exception, in PolicyQuestion question, in Moment moment, ref Instant begins, ref long until)
    {
        if (Find(question.Debtor, question.InReplyTo) is not { } contact) return false;
        if (exception.IsRequestOpen && !contact.IsInbound && contact.Facts.TwoWay != true) return false;
        if (exception.IsSameMedium && (!contact.IsInbound || contact.Channel != question.Channel)) return false;
        if (exception.InboundWithin is { } age)
        {
            if (!contact.IsInbound || moment.At >= contact.PlacedAt + age) return false;
            until = Math.Min(until, Ticks.Of(contact.PlacedAt + age));
        }

        if (exception is { WithinLocalDays: { } days, IsConsentedPurpose: false } && !IsWithin(days, contact.PlacedAt, moment, ref until)) return false;
        begins = contact.PlacedAt;
        return true;
    }

    /// <summary>The local day of the request is the first of so many.</summary>
    private static bool IsWithin(int days, Instant asked, in Moment moment, ref long until)
    {
        var ends = moment.Candidates.LocalDates(asked).First.PlusDays(days);
        if (moment.Last >= ends) return false;
        until = Math.Min(until, Ticks.Of(moment.Candidates.StartAnywhere(ends)));
        return true;
    }

    private static bool IsConsented(RuleException exception, in PolicyQuestion question, in Moment moment, ref Instant begins, ref long until)
    {
        var fact = ConsentLedger.NamedPurpose(question.Debtor.Consents, question.Channel, question.Purpose, question.Point.Id, question.Creditor(), moment.At);
        if (fact is null || !AcceptsPaper(exception, fact, question, moment)) return false;
        if (fact.ExpiresAt is { } expires) until = Math.Min(until, Ticks.Of(expires));
        if (exception.WithinLocalDays is { } days && !IsWithin(days, fact.GivenAt, moment, ref until)) return false;
        begins = fact.GivenAt;
        return true;
    }

    private static ContactRecord? Find(DebtorState debtor, string? id)
    {
        if (string.IsNullOrEmpty(id)) return null;
        foreach (var contact in debtor.Contacts)
        {
            if (contact.Id == id) return contact;
        }

        return null;
    }

    private static int UsesOf(in PolicyQuestion question, Instant since)
    {
        var uses = 0;
        foreach (var contact in question.Debtor.Contacts)
        {
            if (contact.IsInbound || contact.Purpose != question.Purpose || contact.PlacedAt < since || question.Leaves(contact.Id)) continue;
            if ((contact.Effective() & CountedFacts.Placed) != 0) uses++;
        }

        return uses;
    }
}
