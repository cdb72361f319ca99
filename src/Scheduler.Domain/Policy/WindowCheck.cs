using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>Windows, judged in every zone the debtor may be in; hours that the debtor asked for are added, hours refused are taken away.</summary>
internal static class WindowCheck
{
    public static Finding Check(BoundRule bound, Rule.Window rule, in PolicyQuestion question, in Moment moment)
    {
        var isDelivery = (rule.JudgedAt & JudgedAt.Delivered) != 0;
        var margin = isDelivery ? moment.Place.Policy.MarginOf(question.Channel) : 0;
        var requested = FindRequested(bound, question, moment, out var requestEnds);
        var (end, next, soft) = (long.MaxValue, long.MinValue, requested is not null);
        foreach (var clock in moment.Place.ClocksOf(bound))
        {
            if (requested is null && rule.Week.IsSurelyOpen(clock, rule.ClosedOn, moment.Ticks, out var close) && close - margin > moment.Ticks)
            {
                end = Math.Min(end, close);
                continue;
            }

            var opening = Find(rule, requested, requestEnds, clock, moment.Ticks, margin);
            if (!opening.IsOpen) next = Math.Max(next, opening.Ticks);
            else if (opening.Ticks < end) (end, soft) = (opening.Ticks, soft || opening.TouchesMidnight);
        }

        if (next > long.MinValue) return Finding.DeferUntil(next);
        return end == Ticks.Never ? Finding.Permit : new(end - margin, VerdictKind.Permit, isDelivery ? DeliveryEnd.AfterMargin : DeliveryEnd.Open, soft);
    }

    /// <summary>Open if there is still more than the margin to the end; else closed until the next start.</summary>
    private static Opening Find(Rule.Window rule, ConsentFact? requested, long requestEnds, ZoneClock clock, long ticks, long margin)
    {
        var opening = FindUnion(rule, requested, requestEnds, clock, ticks);
        while (opening.IsOpen && opening.Ticks - margin <= ticks) opening = FindUnion(rule, requested, requestEnds, clock, opening.Ticks);
        return opening;
    }

    private static Opening FindUnion(Rule.Window rule, ConsentFact? requested, long requestEnds, ZoneClock clock, long ticks)
    {
        var own = rule.Week.Find(clock, rule.ClosedOn, ticks);
        if (requested is null) return own;
        var asked = WeekWindow.Find(requested.Hours.AsSpan(), clock, requested.AlsoOnHolidays ? null : rule.ClosedOn, ticks);
        if (asked.IsOpen && asked.Ticks > requestEnds) asked = asked.Until(requestEnds);
        else if (!asked.IsOpen && asked.Ticks >= requestEnds) asked = Opening.Never;
        if (requestEnds <= ticks) asked = Opening.Never;
        if (own.IsOpen == asked.IsOpen) return own.IsOpen == (own.Ticks > asked.Ticks) ? own : asked;
        return own.IsOpen ? own : asked;
    }

    /// <summary>Hours the debtor asked for, if an exception of the rule accepts the paper they stand in, and when they end.</summary>
    private static ConsentFact? FindRequested(BoundRule bound, in PolicyQuestion question, in Moment moment, out long ends)
    {
        ends = Ticks.Never;
        if (bound.Exceptions.Length == 0 || (moment.Ledger & LedgerKinds.HoursExtended) == 0) return null;
        var fact = ConsentLedger.RequestedHours(question.Debtor.Consents, question.Channel, question.Purpose, question.Point.Id, question.Creditor(), moment.At);
        if (fact is null) return null;
        foreach (var exception in bound.Exceptions)
        {
            if (!exception.IsRequestedHours || !ExceptionCheck.AcceptsPaper(exception, fact, question, moment) || !ExceptionCheck.IsInForce(exception, question, moment)) continue;
            if (fact.ExpiresAt is { } expires) ends = Ticks.Of(expires);
            if (exception.ValidTo is { } last) ends = Math.Min(ends, moment.Candidates.StartAnywhere(EpochDay.From(last) + 1));
            return fact;
        }

        return null;
    }

    /// <summary>Hours that the debtor refused: closed in any candidate zone is closed.</summary>
    public static Finding CheckRefusedHours(in PolicyQuestion question, in Moment moment)
    {
        var finding = Finding.Permit;
        foreach (var fact in question.Debtor.Consents)
        {
            if (fact.Kind != ConsentKind.HoursForbidden) continue;
            if (!ConsentLedger.IsHoursRefusal(question.Debtor.Consents, fact, question.Channel, question.Purpose, question.Point.Id, question.Creditor(), moment.At)) continue;
            var ends = RefusalTerms.EndOf(fact, question, moment);
            if (ends <= moment.At) continue;
            foreach (var clock in moment.Candidates.Clocks)
            {
                var one = FindRefused(fact, ends, clock.Zone, moment.At);
                if (!one.IsPermit && (finding.IsPermit || one.At > finding.At)) finding = one;
                else if (one.IsPermit && finding.IsPermit && one.At < finding.At) finding = one;
            }
        }

        return finding;
    }

    /// <summary>A week and a day around the instant shows every weekly span.</summary>
    /// <param name="ends">When the refusal as a whole ends.</param>
    private static Finding FindRefused(ConsentFact fact, Instant ends, DateTimeZone zone, Instant at)
    {
        var date = at.WithOffset(zone.GetUtcOffset(at)).Date.PlusDays(-1);
        var until = Instant.MaxValue;
        for (var step = 0; step <= 9; step++, date = date.PlusDays(1))
        {
            foreach (var hours in fact.Hours)
            {
                if (!hours.Includes(date.DayOfWeek)) continue;
                var (start, end) = CivilTime.ForbiddenSpan(zone, date, hours);
                if (at >= end || start >= end) continue;
                if (at >= start) return Finding.DeferUntil(Ticks.Of(Instant.Min(end, ends)));
                if (start < until) until = start;
            }
        }

        return Finding.PermitUntil(Ticks.Of(until), soft: ends != Instant.MaxValue);
    }
}
