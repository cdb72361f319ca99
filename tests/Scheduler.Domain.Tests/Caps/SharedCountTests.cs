using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Domain.Tests.Policy;

namespace Scheduler.Domain.Tests.Caps;

/// <summary>Contacts with other parties count for rules kept for an account, a debt or a household, and for no others.</summary>
public sealed class SharedCountTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 18, 18, 0);
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["America/New_York"];

    private static readonly PolicySnapshot PerAccount = Cap("[account]");
    private static readonly PolicySnapshot PerDebt = Cap("[debt]");
    private static readonly PolicySnapshot PerPerson = Cap("[person]");
    private static readonly PolicySnapshot PerPersonAndDebt = Cap("[person, debt]");
    private static readonly PolicySnapshot PerHousehold = Cap("[household]");
    private static readonly PolicySnapshot PerPoint = Cap("[account, point]");

    [Fact]
    public void A_cap_per_account_counts_contacts_with_a_co_debtor()
    {
        Assert.True(Ask(PerAccount, own: 1, CoDebtor("x1")).IsPermit);
        Assert.False(Ask(PerAccount, own: 2, CoDebtor("x1")).IsPermit);
        Assert.False(Ask(PerAccount, own: 0, CoDebtor("x1"), CoDebtor("x2"), CoDebtor("x3")).IsPermit);
    }

    [Fact]
    public void A_cap_kept_for_a_person_never_sees_another()
    {
        Assert.True(Ask(PerPerson, own: 2, CoDebtor("x1"), Spouse("x2")).IsPermit);
        Assert.True(Ask(PerPersonAndDebt, own: 2, CoDebtor("x1"), Spouse("x2")).IsPermit);
        Assert.True(Ask(PerPoint, own: 2, CoDebtor("x1")).IsPermit);
    }

    [Fact]
    public void A_cap_per_debt_counts_other_accounts_of_the_same_debt_and_a_cap_per_account_does_not()
    {
        var sameDebt = CoDebtor("x1") with { Debts = ["B", "K"] };
        Assert.False(Ask(PerDebt, own: 2, sameDebt).IsPermit);
        Assert.True(Ask(PerAccount, own: 2, sameDebt).IsPermit);
        Assert.True(Ask(PerDebt, own: 2, CoDebtor("x1") with { Debts = ["B"] }).IsPermit);
    }

    [Fact]
    public void A_household_counts_the_spouse_and_not_a_co_debtor()
    {
        Assert.False(Ask(PerHousehold, own: 2, Spouse("x1")).IsPermit);
        Assert.True(Ask(PerHousehold, own: 2, CoDebtor("x1")).IsPermit);
        Assert.True(Ask(PerAccount, own: 2, Spouse("x1")).IsPermit);
    }

    [Fact]
    public void A_conversation_counts_for_what_was_discussed_alone()
    {
        var policy = Situation.Policy("""{id: XX.cap, type: closed_until, until: {local_days: 7}, scope: [account], counts: {two_way: true}, source: made up}""");
        var spoken = CoDebtor("x1", new ContactFacts { Placed = true, TwoWay = true }) with { Debts = ["A", "B"] };
        Assert.False(Ask(policy, own: 0, spoken).IsPermit);
        Assert.False(Ask(policy, own: 0, spoken with { DebtsDiscussed = ["A"] }).IsPermit);
        Assert.True(Ask(policy, own: 0, spoken with { DebtsDiscussed = ["B"] }).IsPermit);
    }

    [Fact]
    public void One_contact_that_stands_at_both_parties_is_counted_once() => Assert.True(Ask(PerAccount, own: 2, CoDebtor("c1")).IsPermit);

    [Fact]
    public void The_next_permitted_instant_is_when_the_other_partys_contact_counts_no_more()
    {
        var first = CoDebtor("x1", at: Now - Duration.FromDays(3));
        var verdict = Ask(PerAccount, own: 2, first);
        Assert.Equal(first.Contact.LastDate.PlusDays(7).AtStartOfDayInZone(Zone).ToInstant(), verdict.At);
    }

    [Fact]
    public void An_explanation_says_how_many_were_with_others_and_not_with_whom()
    {
        var explanation = PolicyEvaluator.Explain(Question(PerHousehold, own: 2, [Spouse("wife.1")]), PerHousehold);
        var use = explanation.Rules.Single(static rule => rule.RuleId == "XX.cap").Counter!;
        Assert.Equal((3, 1, 3, "household"), (use.Counted, use.ByOthers, use.Limit, use.ScopeKey));
        Assert.DoesNotContain("wife", explanation.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Random_histories_of_three_parties_are_counted_as_if_they_were_one()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var times = Enumerable.Range(0, random.Next(0, 10)).Select(_ => Now - Duration.FromMinutes(random.Next(1, 9 * 1440))).Order().ToList();
            var owners = times.Select(_ => random.Next(3)).ToList();
            var debtor = Situation.Living("XX:America/New_York");
            var own = times.Where((_, index) => owners[index] == 0).Select((at, index) => Contact($"c{index}", at, PerAccount, debtor)).ToImmutableArray();
            var others = times.Where((_, index) => owners[index] != 0).Select((at, index) => CoDebtor($"x{index}", at: at)).ToImmutableArray();
            var all = times.Select((at, index) => Contact($"c{index}", at, PerAccount, debtor)).ToImmutableArray();
            var apart = PolicyEvaluator.Evaluate(new Situation { Debtor = debtor with { Contacts = own }, At = Now, Shared = others }.Question, PerAccount);
            var asOne = PolicyEvaluator.Evaluate(new Situation { Debtor = debtor with { Contacts = all }, At = Now }.Question, PerAccount);
            Assert.True(apart == asOne, $"seed {seed}: {apart}, as one {asOne}");
        }
    }

    private static PolicySnapshot Cap(string scope) =>
        Situation.Policy($$"""{id: XX.cap, type: cap, limit: 3, period: {local_days: 7}, scope: {{scope}}, counts: {predicate: placed}, source: made up}""");

    private static Verdict Ask(PolicySnapshot policy, int own, params SharedContact[] shared) => PolicyEvaluator.Evaluate(Question(policy, own, shared), policy);

    private static PolicyQuestion Question(PolicySnapshot policy, int own, SharedContact[] shared)
    {
        var living = Situation.Living("XX:America/New_York");
        var debtor = living with { Accounts = [living.Accounts[0] with { DebtKey = "K" }] };
        var contacts = Enumerable.Range(0, own).Select(index => Contact($"c{index}", Now - Duration.FromMinutes(own - index), policy, debtor));
        return new Situation { Debtor = debtor with { Contacts = [.. contacts] }, At = Now, Shared = [.. shared] }.Question;
    }

    private static SharedContact CoDebtor(string id, ContactFacts? facts = null, Instant? at = null) =>
        new(Contact(id, at ?? Now - Duration.FromHours(1), PerAccount, Situation.Living("XX:America/New_York"), facts), ["A"], [], IsHousehold: false);

    private static SharedContact Spouse(string id) => CoDebtor(id) with { Debts = ["S"], IsHousehold = true };

    private static ContactRecord Contact(string id, Instant at, PolicySnapshot policy, DebtorState debtor, ContactFacts? facts = null) =>
        Situation.Contact(id, ContactChannel.Call, at, policy, debtor, facts ?? new ContactFacts { Placed = true });
}
