using System.Runtime.CompilerServices;
using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>One rule of a pack, judged at one moment: does it bind here, what does it say, does an exception lift it.</summary>
internal static class RuleCheck
{
    /// <summary>Any rule of the place.</summary>
    public static Finding Check(BoundRule bound, in PolicyQuestion question, in Moment moment, out RuleException? liftedBy)
    {
        liftedBy = null;
        return bound.Rule.Governs.Governs(question.Channel, question.Purpose, question.Point.Place) ? CheckGoverning(bound, question, moment, out liftedBy) : Finding.Permit;
    }

    /// <summary>A rule that governs the question's channel and purpose.</summary>
    public static Finding CheckGoverning(BoundRule bound, in PolicyQuestion question, in Moment moment, out RuleException? liftedBy)
    {
        liftedBy = null;
        if (!bound.AlwaysBinds && IsSilent(bound, question, moment, out var until)) return until == Ticks.Never ? Finding.Permit : Finding.PermitUntil(until, soft: true);
        var finding = Judge(bound, question, moment);
        if (bound.IsFinal || finding.IsOpenEnded) return finding;
        return bound.Lifting.Length == 0 ? Ended(bound, finding, moment) : Lifted(bound, finding, question, moment, out liftedBy);
    }

    /// <summary>The rule says nothing of such a contact, at least until an instant.</summary>
    internal static bool IsSilent(BoundRule bound, in PolicyQuestion question, in Moment moment, out long until)
    {
        until = Ticks.Never;
        if (!bound.Rule.Governs.GovernsPlace(question.Point.Place) || bound.LastDay < moment.FirstDay) return true;
        if (bound.FirstDay > moment.LastDay)
        {
            until = moment.Candidates.StartAnywhere(bound.FirstDay);
            return true;
        }

        if (!bound.IsConditional || Binds(bound, question, moment)) return false;
        if (bound.ChangesDaily) until = moment.NextChange(bound.Rule.When, question);
        return true;
    }

    /// <summary>What the rule says where an exception may lift it.</summary>
    private static Finding Lifted(BoundRule bound, Finding finding, in PolicyQuestion question, in Moment moment, out RuleException? liftedBy)
    {
        liftedBy = null;
        foreach (var exception in bound.Lifting)
        {
            if (!ExceptionCheck.Lifts(exception, question, moment, Instant.MinValue, out var until)) continue;
            if (finding.IsPermit) return finding.Softened();
            liftedBy = exception;
            var isDelivery = bound.Rule is Rule.Window { JudgedAt: var judged } && (judged & JudgedAt.Delivered) != 0;
            return new(until, VerdictKind.Permit, isDelivery ? DeliveryEnd.WithPermit : DeliveryEnd.Open, isSoft: true);
        }

        return Ended(bound, finding, moment);
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
        Rule.Window window => WindowCheck.Check(bound, window, question, moment),
        Rule.Counter counter => ContactCount.Check(bound, counter, question, moment),
        Rule.Consent consent => CheckConsent(consent, question, moment),
        Rule.Party party => party.Allowed.Contains((int)question.Role) ? Finding.Permit : Finding.Forbid,
        Rule.Forbid forbid => IsReleased(forbid.Unless, question, moment, out var until) ? Finding.PermitUntil(until, soft: true) : Finding.Forbid,
        Rule.Notice notice => CarriesAll(notice, question) ? Finding.Permit : Finding.Forbid,
        Rule.Fresh fresh => CheckFresh(fresh, question, moment),
        Rule.MediumOptOut => BaseRules.CheckWithdrawal(moment),
        _ => Finding.Permit,
    };

    /// <summary>What a rule forbids ends with the rule.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Finding Ended(BoundRule bound, Finding finding, in Moment moment)
    {
        if (finding.IsPermit || bound.LastDay == int.MaxValue) return finding;
        return Finding.DeferUntil(Math.Min(finding.At, moment.Candidates.StartEverywhere(bound.LastDay + 1)));
    }

    private static Finding CheckConsent(Rule.Consent rule, in PolicyQuestion question, in Moment moment)
    {
        var standing = rule.PerPurpose || question.Purpose == ContactPurpose.Collection ? moment.Standing : question.StandingFor(ContactPurpose.Collection, moment.At);
        return standing.IsGranted ? Finding.PermitUntil(Ticks.Of(standing.Until)) : Finding.Forbid;
    }

    private static bool IsReleased(Release unless, in PolicyQuestion question, in Moment moment, out long until)
    {
        until = Ticks.Never;
        if (unless.ConsentPurpose is { } purpose)
        {
            var fact = ConsentLedger.NamedPurpose(question.Debtor.Consents, question.Channel, purpose, question.Point.Id, question.Creditor(), moment.At);
            if (fact is null || (unless.OwnInitiative && !fact.IsOwnInitiative)) return false;
            if (fact.ExpiresAt is { } expires) until = Ticks.Of(expires);
        }

        if (unless.ConsentForPoint)
        {
            if (!moment.Standing.IsGranted || !moment.Standing.Fact!.Points.Contains(question.Point.Id)) return false;
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
            if (moment.Standing is { IsGranted: true, Fact: { } fact }) youngest = Instant.Max(youngest, fact.GivenAt);
        }

        if (youngest == Instant.MinValue) return Finding.Forbid;
        moment.Candidates.LocalDays(Ticks.Of(youngest), out var first, out _);
        var end = moment.Candidates.StartAnywhere(first + rule.MaxDays);
        return moment.Ticks < end ? Finding.PermitUntil(end) : Finding.Forbid;
    }
}
