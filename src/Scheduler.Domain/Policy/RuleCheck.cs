using NodaTime;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>One rule of a pack, judged at one moment: does it bind here, what does it say, does an exception lift it.</summary>
internal static class RuleCheck
{
    public static Finding Check(BoundRule bound, in PolicyQuestion question, in Moment moment, out RuleException? liftedBy)
    {
        liftedBy = null;
        var rule = bound.Rule;
        if (!rule.Governs.Governs(question.Channel, question.Purpose, question.Point.Place) || rule.ValidTo < moment.First) return Finding.Permit;
        if (rule.ValidFrom > moment.Last) return Finding.PermitUntil(moment.Candidates.StartAnywhere(rule.ValidFrom.Value), soft: true);
        if (bound.IsConditional && !Binds(bound, question, moment)) return bound.ChangesDaily ? Finding.PermitUntil(Tomorrow(moment), soft: true) : Finding.Permit;
        var finding = Judge(bound, question, moment);
        if (rule.Exceptions.IsEmpty || (finding.IsPermit && finding.At == Instant.MaxValue)) return Ended(rule, finding, moment);
        foreach (var exception in rule.Exceptions)
        {
            if (!ExceptionCheck.Lifts(exception, question, moment, Instant.MinValue, out var until)) continue;
            if (finding.IsPermit) return finding with { IsSoft = true };
            liftedBy = exception;
            var isDelivery = rule is Rule.Window { JudgedAt: var judged } && (judged & JudgedAt.Delivered) != 0;
            return new(VerdictKind.Permit, until, isDelivery ? until : Instant.MaxValue, IsSoft: true);
        }

        return Ended(rule, finding, moment);
    }

    /// <summary>A rule that speaks of accounts binds if it binds for any of those the contact is about.</summary>
    public static bool Binds(BoundRule bound, in PolicyQuestion question, in Moment moment)
    {
        var when = bound.Rule.When;
        if (!bound.AsksAccount || question.Accounts.IsDefaultOrEmpty) return when.Matches(question, null, moment.Last);
        var collectors = bound.OnlyCollectors;
        foreach (var account in question.Accounts)
        {
            if (collectors is { } only ? account.Collector == CollectorKind.Unknown || only.Contains((int)account.Collector) : when.Matches(question, account, moment.Last)) return true;
        }

        return false;
    }

    private static Finding Judge(BoundRule bound, in PolicyQuestion question, in Moment moment) => bound.Rule switch
    {
        Rule.Window window => WindowCheck.Check(window, question, moment),
        Rule.Counter counter => ContactCount.Check(counter, bound.Counted, question, moment),
        Rule.Consent consent => CheckConsent(consent, question, moment),
        Rule.Party party => party.Allowed.Contains((int)question.Role) ? Finding.Permit : Finding.Forbid,
        Rule.Forbid forbid => IsReleased(forbid.Unless, question, moment) ? Finding.Permit : Finding.Forbid,
        Rule.Notice notice => CarriesAll(notice, question) ? Finding.Permit : Finding.Forbid,
        Rule.Fresh fresh => CheckFresh(fresh, question, moment),
        Rule.MediumOptOut => BaseRules.CheckWithdrawal(question, moment),
        _ => Finding.Permit,
    };

    /// <summary>What a rule forbids ends with the rule.</summary>
    private static Finding Ended(Rule rule, in Finding finding, in Moment moment)
    {
        if (finding.IsPermit || rule.ValidTo is not { } last) return finding;
        return Finding.DeferUntil(Instant.Min(finding.At, moment.Candidates.StartEverywhere(last.PlusDays(1))));
    }

    private static Instant Tomorrow(in Moment moment) => moment.Candidates.StartAnywhere(moment.Last.PlusDays(1));

    private static Finding CheckConsent(Rule.Consent rule, in PolicyQuestion question, in Moment moment)
    {
        var purpose = rule.PerPurpose ? question.Purpose : ContactPurpose.Collection;
        var standing = ConsentLedger.Standing(question.Debtor.Consents, question.Channel, purpose, question.Point.Id, question.Creditor(), moment.At);
        return standing.IsGranted ? Finding.PermitUntil(standing.Until) : Finding.Forbid;
    }

    private static bool IsReleased(Release unless, in PolicyQuestion question, in Moment moment)
    {
        if (unless.ConsentPurpose is { } purpose && ConsentLedger.NamedPurpose(
            question.Debtor.Consents, question.Channel, purpose, question.Point.Id, question.Creditor(), moment.At) is null) return false;
        if (unless.ConsentForPoint)
        {
            var standing = ConsentLedger.Standing(question.Debtor.Consents, question.Channel, question.Purpose, question.Point.Id, question.Creditor(), moment.At);
            if (!standing.IsGranted || !standing.Fact!.Points.Contains(question.Point.Id)) return false;
        }

        if (!unless.Facts.AsksAccount || question.Accounts.IsDefaultOrEmpty) return unless.Facts.Matches(question, null, moment.First);
        foreach (var account in question.Accounts)
        {
            if (!unless.Facts.Matches(question, account, moment.First)) return false;
        }

        return true;
    }

    private static bool CarriesAll(Rule.Notice rule, in PolicyQuestion question)
    {
        foreach (var notice in rule.Required)
        {
            if (question.Notices.IsDefaultOrEmpty || !question.Notices.Contains(notice)) return false;
        }

        return true;
    }

    /// <summary>Fresh while the youngest of the facts is at most so many local days old; a fact that is missing makes nothing fresh.</summary>
    private static Finding CheckFresh(Rule.Fresh rule, in PolicyQuestion question, in Moment moment)
    {
        var youngest = Instant.MinValue;
        if ((rule.Of & FreshFacts.PointConfirmed) != 0 && question.Point.ConfirmedAt is { } confirmed) youngest = Instant.Max(youngest, confirmed);
        if ((rule.Of & FreshFacts.ReassignmentChecked) != 0 && question.Point.ReassignmentCheckedAt is { } checkedAt) youngest = Instant.Max(youngest, checkedAt);
        if ((rule.Of & FreshFacts.ConsentGiven) != 0)
        {
            var standing = ConsentLedger.Standing(question.Debtor.Consents, question.Channel, question.Purpose, question.Point.Id, question.Creditor(), moment.At);
            if (standing is { IsGranted: true, Fact: { } fact }) youngest = Instant.Max(youngest, fact.GivenAt);
        }

        if (youngest == Instant.MinValue) return Finding.Forbid;
        var end = moment.Candidates.StartAnywhere(moment.Candidates.LocalDates(youngest).First.PlusDays(rule.MaxDays));
        return moment.At < end ? Finding.PermitUntil(end) : Finding.Forbid;
    }
}
