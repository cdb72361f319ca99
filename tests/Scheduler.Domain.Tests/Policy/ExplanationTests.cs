using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Tests.Policy;

public sealed class ExplanationTests
{
    private static readonly PolicySnapshot Policy = Situation.Library.Compile();

    [Fact]
    public void Every_rule_answers_even_when_the_first_has_decided()
    {
        var situation = new Situation { At = Instant.FromUtc(2026, 11, 22, 15, 0) }.With(debtor => debtor with
        {
            Holds = [new Hold { Id = "h", Kind = HoldKind.Dispute, Start = Instant.FromUtc(2026, 1, 1, 0, 0) }],
        });
        var rules = situation.Explain(Policy).Rules;
        Assert.Equal(VerdictKind.Forbid, rules.Single(rule => rule.RuleId == "hold.dispute").Kind);
        Assert.Equal(Instant.FromUtc(2026, 11, 23, 12, 0), rules.Single(rule => rule.RuleId == "CO.hours").Next);
        Assert.Contains(rules, rule => rule.RuleId == "CO.week_rolling");
        Assert.All(rules.Where(rule => rule.RuleId.StartsWith("CO.", StringComparison.Ordinal)), rule => Assert.StartsWith("CO.strict@", rule.PackVersion, StringComparison.Ordinal));
        Assert.All(rules, rule => Assert.NotEmpty(rule.Reason));
    }

    [Fact]
    public void A_counter_shows_what_is_settled_and_what_is_not()
    {
        var situation = new Situation { Debtor = Situation.Living("US-NY"), At = Instant.FromUtc(2026, 11, 18, 15, 0) };
        var placed = new ContactFacts { Placed = true, Delivered = false, TwoWay = false };
        situation = situation.With(debtor => debtor with
        {
            Contacts =
            [
                Situation.Contact("c1", ContactChannel.Call, situation.At - Duration.FromDays(2), Policy, debtor, placed),
                Situation.Contact("c2", ContactChannel.Call, situation.At - Duration.FromDays(1), Policy, debtor, placed, ContactStanding.Placed),
            ],
        });
        var counter = situation.Explain(Policy).Rules.Single(rule => rule.RuleId == "US.calls").Counter!;
        Assert.Equal((1, 1, 7, "A"), (counter.Counted, counter.Provisional, counter.Limit, counter.ScopeKey));
        Assert.Equal((new LocalDate(2026, 11, 12), new LocalDate(2026, 11, 18)), (counter.PeriodStart, counter.PeriodEnd));
    }

    [Fact]
    public void A_lifted_rule_names_what_lifted_it()
    {
        var situation = new Situation { At = Instant.FromUtc(2026, 11, 22, 15, 0), Channel = ContactChannel.Whatsapp, Purpose = ContactPurpose.Reply, InReplyTo = "i1" };
        situation = situation.With(debtor => debtor with
        {
            Contacts = [Situation.Contact("i1", ContactChannel.Whatsapp, situation.At - Duration.FromMinutes(30), Policy, debtor) with { IsInbound = true }],
        });
        var hours = situation.Explain(Policy).Rules.Single(rule => rule.RuleId == "CO.hours");
        Assert.Equal((VerdictKind.Permit, "CO.reply_hours"), (hours.Kind, hours.LiftedBy));
    }

    [Fact]
    public void A_rule_that_is_not_for_such_a_contact_does_not_apply_and_says_why()
    {
        var policy = Situation.Policy(
            "{id: XX.sms, type: forbid, governs: {channels: [sms]}, source: made up}",
            "{id: XX.marketing, type: forbid, governs: {purposes: [marketing]}, source: made up}",
            "{id: XX.work, type: forbid, governs: {places: [work]}, source: made up}",
            "{id: XX.ended, type: forbid, valid_to: 2026-01-31, source: made up}",
            "{id: XX.later, type: forbid, valid_from: 2027-02-01, source: made up}",
            "{id: XX.buyer, type: forbid, when: {collector: [debt_buyer]}, source: made up}",
            "{id: XX.either, type: cap, limit: 1, period: {local_days: 7}, scope: [person], counts: {placed: true}, when: {any: [{stage: [judicial]}, {time_barred: true}]}, source: made up}",
            "{id: XX.hours, type: window, week: {all: \"00:00-24:00\"}, source: made up}",
            "{id: XX.template, type: template, require_category: [utility], when: {automation: [automated]}, source: made up}");
        var rules = new Situation().With(static debtor => debtor with
        {
            Profile = debtor.Profile with { Locations = [new("XX", "", "", "", "America/Bogota", LocationSource.Residence, null)] },
            Accounts = [debtor.Accounts[0] with { Collector = CollectorKind.ThirdParty, Stage = AccountStage.InCollection }],
            Points = [debtor.Points[0] with { Place = PointPlace.Personal }],
        }).Explain(policy).Rules.Where(static rule => rule.PackVersion.Length > 0).ToList();
        Assert.Equal(
            [
                ("XX.buyer", "Does not apply: collector is not what it is for."),
                ("XX.either", "Does not apply: any of stage, time_barred is not what it is for."),
                ("XX.ended", "Does not apply: it ended with 2026-01-31."),
                ("XX.later", "Does not apply: it begins on 2027-02-01."),
                ("XX.marketing", "Does not apply: it governs other purposes."),
                ("XX.sms", "Does not apply: it governs other channels."),
                ("XX.template", "Does not apply: automation is not what it is for."),
                ("XX.work", "Does not apply: it governs points of other places."),
            ],
            rules.Where(static rule => rule.DoesNotApply).OrderBy(static rule => rule.RuleId, StringComparer.Ordinal).Select(static rule => (rule.RuleId, rule.Reason)));
        Assert.All(rules.Where(static rule => rule.DoesNotApply), static rule => Assert.Equal((VerdictKind.Permit, null), (rule.Kind, rule.Counter)));
        Assert.Equal("Permits.", rules.Single(static rule => !rule.DoesNotApply).Reason);
    }

    [Fact]
    public void Zones_show_evidence_local_time_hours_and_holiday()
    {
        var zone = (new Situation { At = Instant.FromUtc(2026, 11, 16, 15, 0) }).Explain(Policy).Zones.Single();
        Assert.Equal(("America/Bogota", "country CO, residence", "Independencia de Cartagena"), (zone.ZoneId, zone.Evidence, zone.Holiday));
        Assert.Equal(new LocalDateTime(2026, 11, 16, 10, 0), zone.Local);
        Assert.Null(zone.OpenFrom);
        var open = (new Situation { At = Instant.FromUtc(2026, 11, 18, 15, 0) }).Explain(Policy).Zones.Single();
        Assert.Equal((new LocalTime(7, 0), new LocalTime(19, 0)), (open.OpenFrom, open.OpenUntil));
    }

    [Fact]
    public void Facts_that_are_missing_are_named()
    {
        var situation = (new Situation { Purpose = ContactPurpose.Unknown }).With(debtor => debtor with { Accounts = [debtor.Accounts[0] with { Collector = CollectorKind.Unknown, IsTimeBarred = null }] });
        Assert.Equal(["purpose", "account A: collector", "account A: time_barred"], situation.Explain(Policy).MissingFacts);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void An_account_that_does_not_say_whether_its_limitation_is_over_needs_the_notice(bool? said, bool isNeeded)
    {
        var situation = (new Situation { Debtor = Situation.Living("US-NY") }).With(debtor => debtor with { Accounts = [debtor.Accounts[0] with { IsTimeBarred = said }] });
        Assert.Equal(isNeeded, PolicyEvaluator.RequiredNotices(situation.Question, Policy).Contains("TIME_BARRED"));
    }

    [Fact]
    public void Notices_that_a_message_must_carry_can_be_asked_for()
    {
        Assert.Equal(["OPT_OUT"], PolicyEvaluator.RequiredNotices((new Situation { Debtor = Situation.Living("US-NY"), Channel = ContactChannel.Email }).Question, Policy));
        Assert.Equal([], PolicyEvaluator.RequiredNotices((new Situation { Debtor = Situation.Living("US-NY"), Channel = ContactChannel.Call }).Question, Policy));
        Assert.Equal([], PolicyEvaluator.RequiredNotices((new Situation { Channel = ContactChannel.Email }).Question, Policy));
    }

    [Fact]
    public void A_permit_says_until_when_it_may_be_placed_and_must_be_delivered()
    {
        var message = (new Situation { Channel = ContactChannel.Sms, Mode = PlacementMode.Automated }).Ask(Policy);
        Assert.Equal((Instant.FromUtc(2026, 11, 18, 23, 59), Instant.FromUtc(2026, 11, 19, 0, 0)), (message.At, message.DeliverBefore));
        var call = (new Situation()).Ask(Policy);
        Assert.Equal((Instant.FromUtc(2026, 11, 19, 0, 0), Instant.FromUtc(2026, 11, 19, 0, 0)), (call.At, call.DeliverBefore));
        Assert.Null((new Situation { Debtor = Situation.Living("US-NY") }).Ask(Policy).DeliverBefore);
    }

    [Fact]
    public void A_decree_closes_a_day_at_once()
    {
        var decreed = Situation.Library.Compile(2, closedDates: [new Domain.Calendars.ClosedDate("CO", new LocalDate(2026, 11, 18), "Duelo nacional")]);
        var verdict = new Situation().Ask(decreed);
        Assert.Equal((VerdictKind.Defer, Instant.FromUtc(2026, 11, 19, 12, 0), "CO.hours"), (verdict.Kind, verdict.At, verdict.RuleId));
        Assert.Equal("Duelo nacional", new Situation().Explain(decreed).Zones.Single().Holiday);
        Assert.Throws<ArgumentException>(() => Situation.Library.Compile(closedDates: [new Domain.Calendars.ClosedDate("ZZ", new LocalDate(2026, 11, 18), "x")]));
    }

    [Fact]
    public void A_place_that_changes_is_resolved_anew()
    {
        var situation = new Situation { At = Instant.FromUtc(2026, 11, 22, 15, 0) };
        Assert.Equal(VerdictKind.Defer, situation.Ask(Policy).Kind);
        var moved = situation.With(debtor => debtor with { Profile = Situation.Living("US-NY").Profile });
        Assert.Equal(VerdictKind.Permit, moved.Ask(Policy).Kind);
        Assert.Equal("DEFAULT.hours", moved.With(debtor => debtor with { Points = [debtor.Points[0] with { Address = "+4915550100" }] }).Ask(Policy).RuleId);
        Assert.True(situation.Debtor == situation.Debtor with { });
    }
}
