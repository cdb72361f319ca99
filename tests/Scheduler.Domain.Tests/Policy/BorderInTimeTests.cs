using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Tests.Policy;

/// <summary>Answers that change by time alone: exceptions and packs that begin or end, debts that grow old, consents given for later.</summary>
public sealed class BorderInTimeTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 11, 18, 12, 0);
    private static readonly Rule Open = new Rule.Window(new WeekWindow([new WeeklyHours(0, 0, WeeklyHours.EndOfDay)]), null, JudgedAt.Placed) { Id = "XX.open" };

    [Fact]
    public void What_an_exception_lifts_binds_again_when_the_exception_ends()
    {
        var lifted = new Rule.Forbid(Release.Never) { Id = "XX.forbid", Exceptions = [new RuleException { Id = "XX.until", ValidTo = new LocalDate(2026, 11, 20) }] };
        Assert.Equal(Instant.FromUtc(2026, 11, 21, 0, 0), Permitted(Ask(lifted)));
    }

    [Fact]
    public void What_an_exception_will_lift_is_deferred_until_it_begins()
    {
        var lifted = new Rule.Forbid(Release.Never) { Id = "XX.forbid", Exceptions = [new RuleException { Id = "XX.from", ValidFrom = new LocalDate(2026, 11, 25) }] };
        Assert.Equal(Instant.FromUtc(2026, 11, 25, 0, 0), Deferred(Ask(lifted)));
    }

    [Fact]
    public void A_release_by_the_age_of_the_debt_is_waited_for()
    {
        var forbid = new Rule.Forbid(new Release { Facts = new FactFilter { DaysPastDueOver = 30 } }) { Id = "XX.young" };
        Assert.Equal(Instant.FromUtc(2026, 12, 2, 0, 0), Deferred(Ask(forbid, debtor => debtor with { Accounts = [debtor.Accounts[0] with { OldestDueOn = new LocalDate(2026, 11, 1) }] })));
        Assert.Equal(VerdictKind.Forbid, Ask(forbid).Kind);
    }

    [Fact]
    public void A_permit_ends_when_the_debt_grows_old_enough_for_a_rule()
    {
        var old = new Rule.Forbid(Release.Never) { Id = "XX.old", When = new FactFilter { Missing = MissingFact.Matches, DaysPastDueOver = 90 } };
        Assert.Equal(Instant.FromUtc(2027, 1, 31, 0, 0), Permitted(Ask(old, debtor => debtor with { Accounts = [debtor.Accounts[0] with { OldestDueOn = new LocalDate(2026, 11, 1) }] })));
    }

    [Fact]
    public void A_release_by_consent_ends_with_the_consent()
    {
        var expires = Start + Duration.FromHours(5);
        var forbid = new Rule.Forbid(new Release { ConsentPurpose = ContactPurpose.Marketing }) { Id = "XX.marketing" };
        Assert.Equal(expires, Permitted(Ask(forbid, debtor => debtor with { Consents = [debtor.Consents[0] with { Purposes = [ContactPurpose.Marketing], ExpiresAt = expires }] })));
    }

    [Fact]
    public void A_consent_given_by_a_clock_ahead_is_waited_for()
    {
        var given = Start + Duration.FromMinutes(3);
        Assert.Equal(given, Deferred(Ask(new Rule.Consent(PerPurpose: false) { Id = "XX.consent" }, debtor => debtor with { Consents = [debtor.Consents[0] with { GivenAt = given }] })));
    }

    [Fact]
    public void A_pack_that_is_not_in_force_yet_is_waited_for()
    {
        var policy = Policy(Open);
        var later = new PolicySnapshot(1, [policy.Packs[0] with { ValidFrom = new LocalDate(2026, 12, 1) }], policy.Zones, []);
        Assert.Equal(Instant.FromUtc(2026, 12, 1, 0, 0), Deferred(Situation().Ask(later)));
    }

    [Fact]
    public void A_full_history_is_waited_for_until_its_first_contact_counts_no_more()
    {
        var policy = Policy(Open);
        var situation = Situation();
        var contacts = Enumerable.Range(0, DebtorLimits.Contacts).Select(index => Policies.Contact(index, Start - Duration.FromMinutes(DebtorLimits.Contacts - index), policy, situation.Debtor));
        var verdict = situation.With(debtor => debtor with { Contacts = [.. contacts] }).Ask(policy);
        Assert.Equal(("history.full", Instant.FromUtc(2026, 11, 20, 0, 0)), (verdict.RuleId, Deferred(verdict)));
    }

    [Fact]
    public void Hours_that_never_meet_are_never_and_say_which_rule()
    {
        var morning = new Rule.Window(new WeekWindow([new WeeklyHours(0, 480, 720)]), null, JudgedAt.Placed) { Id = "XX.morning" };
        var evening = new Rule.Window(new WeekWindow([new WeeklyHours(0, 720, 1_080)]), null, JudgedAt.Placed) { Id = "XX.evening" };
        var verdict = Situation().Ask(Policy(morning, evening));
        Assert.Equal((VerdictKind.Forbid, "XX.morning"), (verdict.Kind, verdict.RuleId));
    }

    [Fact]
    public void A_cap_that_would_free_while_the_window_is_closed_for_ever_is_never()
    {
        var cap = new Rule.Counter(1, [CountPeriod.LocalDays(7)], CountScope.Person, new CountFilter()) { Id = "XX.cap" };
        var closed = new Rule.Window(new WeekWindow([]), null, JudgedAt.Placed) { Id = "XX.closed" };
        var policy = Policy(closed, cap);
        var situation = Situation();
        var verdict = situation.With(debtor => debtor with { Contacts = [Policies.Contact(0, Start - Duration.FromHours(1), policy, debtor)] }).Ask(policy);
        Assert.Equal((VerdictKind.Forbid, "XX.closed"), (verdict.Kind, verdict.RuleId));
    }

    [Fact]
    public void A_window_that_never_closes_permits_to_the_horizon() =>
        Assert.Equal(Start + PolicyEvaluator.Horizon, Permitted(Situation().Ask(Policy(Open))));

    private static Verdict Ask(Rule rule, Func<DebtorState, DebtorState>? change = null) => Situation().With(change ?? (static debtor => debtor)).Ask(Policy(Open, rule));

    private static Situation Situation() => new() { Debtor = Policies.Living, At = Start };

    private static Instant Permitted(Verdict verdict) => verdict.Kind == VerdictKind.Permit ? verdict.At : throw new InvalidOperationException(verdict.ToString());

    private static Instant Deferred(Verdict verdict) => verdict.Kind == VerdictKind.Defer ? verdict.At : throw new InvalidOperationException(verdict.ToString());

    private static PolicySnapshot Policy(params ReadOnlySpan<Rule> rules) => new(1, [Policies.Empty.Packs[0] with { Rules = [.. rules] }], Policies.Empty.Zones, []);

    private static class Policies
    {
        public static readonly PolicySnapshot Empty = Tests.Policy.Situation.Policy("""{id: XX.hours, type: window, week: {all: "00:00-24:00"}, source: made up}""");

        public static readonly DebtorState Living = Tests.Policy.Situation.Living("XX:Etc/UTC");

        public static ContactRecord Contact(int index, Instant at, PolicySnapshot policy, DebtorState debtor) =>
            Tests.Policy.Situation.Contact($"c{index}", ContactChannel.Call, at, policy, debtor, new ContactFacts { Placed = true });
    }
}
