using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.Domain.Policy;
using Scheduler.Domain.Tests.Policy;

namespace Scheduler.Domain.Tests.Caps;

/// <summary>
/// Random caps of every scope and kind of period over random histories, against a count that lays each contact beside the rule and tries
/// every instant at which something could end.
/// </summary>
public sealed class CapOracleTests
{
    private const int Histories = 1_500;

    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["America/New_York"];
    private static readonly ContactChannel[] Channels = [ContactChannel.Call, ContactChannel.Sms, ContactChannel.Email];
    private static readonly CountScope[] Scopes =
    [
        CountScope.Person, CountScope.Creditor, CountScope.Debt, CountScope.Account, CountScope.Point, CountScope.Channel,
        CountScope.Creditor | CountScope.Channel, CountScope.Debt | CountScope.Point, CountScope.Account | CountScope.Channel,
    ];

    [Fact]
    public void Caps_of_every_scope_and_period_agree_with_a_count_by_hand()
    {
        var everything = Situation.Policy("""{id: XX.hours, type: window, week: {all: "00:00-24:00"}, source: made up}""");
        var (permits, defers) = (0, 0);
        for (var seed = 0; seed < Histories; seed++)
        {
            var random = new Random(seed);
            var rule = RuleOf(random);
            var policy = new PolicySnapshot(1, [everything.Packs[0] with { Rules = everything.Packs[0].Rules.Add(rule) }], everything.Zones, []);
            var situation = SituationOf(random);
            var verdict = situation.Ask(policy);
            var expected = FirstPermitted(rule, situation);
            if (verdict.IsPermit) permits++;
            else defers++;
            Assert.True(verdict.IsPermit ? expected == situation.At : verdict.Kind == VerdictKind.Defer && expected == verdict.At, $"seed {seed}: {rule.Limit} of {string.Join(" and ", rule.Periods)} per {rule.Scope}: {verdict}, by hand {expected}");
        }

        Assert.True(permits > Histories / 5 && defers > Histories / 5, $"{permits} permits, {defers} deferrals");
    }

    /// <summary>The first of all instants at which a day begins or a contact's hours have passed, at which by hand nothing is over its limit.</summary>
    private static Instant FirstPermitted(Rule.Counter rule, Situation situation)
    {
        var days = Enumerable.Range(0, 60).Select(day => situation.At.InZone(Zone).Date.PlusDays(day).AtStartOfDayInZone(Zone).ToInstant());
        var hours = situation.Debtor.Contacts.SelectMany(contact => rule.Periods.Where(period => period.Kind == CountPeriodKind.Rolling).Select(period => LastAt(contact) + period.Duration));
        return days.Concat(hours).Append(situation.At).Where(at => at >= situation.At).Order().First(at => Subjects(rule, situation).All(account => rule.Periods.All(period => Used(rule, period, situation, account, at) < rule.Limit)));
    }

    private static IEnumerable<Account?> Subjects(Rule.Counter rule, Situation situation) =>
        rule.Scope.HasFlag(CountScope.Debt) || rule.Scope.HasFlag(CountScope.Account) ? situation.Debtor.Accounts : new Account?[] { null };

    private static int Used(Rule.Counter rule, CountPeriod period, Situation situation, Account? account, Instant at) =>
        situation.Debtor.Contacts.Count(contact => IsIn(period, contact, at) && IsCounted(rule, contact) && IsOfScope(rule, contact, situation, account));

    private static bool IsIn(CountPeriod period, ContactRecord contact, Instant at)
    {
        var today = at.InZone(Zone).Date;
        return period.Kind switch
        {
            CountPeriodKind.Rolling => at < LastAt(contact) + period.Duration,
            CountPeriodKind.LocalDays => today < contact.LastDate.PlusDays(period.Days),
            _ => Enumerable.Range(0, 7).Select(day => today.PlusDays(-day)).First(day => day.DayOfWeek == period.WeekStart) <= contact.LastDate,
        };
    }

    private static Instant LastAt(ContactRecord contact) => Instant.Max(contact.PlacedAt, contact.DeliveredAt ?? contact.PlacedAt);

    private static bool IsCounted(Rule.Counter rule, ContactRecord contact)
    {
        var isTwoWayRule = rule.Counts.Facts.Require.HasFlag(CountedFacts.TwoWay);
        if (!contact.IsCounted && !isTwoWayRule) return false;
        return isTwoWayRule ? contact.Facts.TwoWay == true : contact.Facts.Placed;
    }

    private static bool IsOfScope(Rule.Counter rule, ContactRecord contact, Situation situation, Account? account)
    {
        if (rule.Scope.HasFlag(CountScope.Channel) && contact.Channel != situation.Channel) return false;
        if (rule.Scope.HasFlag(CountScope.Point) && contact.Point.Value == "p2") return false;
        if (rule.Scope.HasFlag(CountScope.Creditor) && contact.CreditorId == "other") return false;
        if (account is null) return true;
        var named = rule.Counts.Facts.Require.HasFlag(CountedFacts.TwoWay) && contact.Discussed.Length > 0 ? contact.Discussed : contact.Accounts.AddRange(contact.Discussed);
        if (named.IsEmpty) return true;
        var isSameDebt = rule.Scope.HasFlag(CountScope.Debt) && account.DebtKey.Length > 0;
        return named.Any(id => id == account.Id || (isSameDebt && situation.Debtor.Accounts.Any(other => other.Id == id && other.DebtKey == account.DebtKey)));
    }

    private static Rule.Counter RuleOf(Random random) => new(
        random.Next(1, 4),
        [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => PeriodOf(random))],
        Scopes[random.Next(Scopes.Length)],
        new CountFilter { Facts = new ContactPredicate { Require = random.Next(3) == 0 ? CountedFacts.TwoWay : CountedFacts.Placed } })
    { Id = "XX.cap", Source = "made up" };

    private static CountPeriod PeriodOf(Random random) => random.Next(3) switch
    {
        0 => CountPeriod.LocalDays(random.Next(1, 15)),
        1 => CountPeriod.CalendarWeek((IsoDayOfWeek)random.Next(1, 8)),
        _ => CountPeriod.Rolling(Duration.FromHours(random.Next(1, 200))),
    };

    private static Situation SituationOf(Random random)
    {
        var debtor = Situation.Living("XX:America/New_York");
        var at = Instant.FromUtc(2026, 2, 20, 0, 0) + Duration.FromSeconds(random.Next(0, 300 * 86_400));
        return new Situation
        {
            At = at,
            Channel = Channels[random.Next(Channels.Length)],
            Debtor = debtor with
            {
                Accounts = [debtor.Accounts[0] with { DebtKey = random.Next(2) == 0 ? "debt" : "" }, debtor.Accounts[0] with { Id = new("B"), DebtKey = random.Next(2) == 0 ? "debt" : "" }],
                Contacts = [.. Enumerable.Range(0, random.Next(0, 14)).Select(index => ContactOf(random, index, at)).OrderBy(contact => contact.PlacedAt)],
            },
        };
    }

    private static ContactRecord ContactOf(Random random, int index, Instant at)
    {
        var placed = at - Duration.FromSeconds(random.Next(1, 16 * 86_400));
        var date = placed.InZone(Zone).Date;
        return new ContactRecord
        {
            Id = $"c{index}",
            Channel = Channels[random.Next(Channels.Length)],
            Point = new(random.Next(3) switch { 0 => "p1", 1 => "p2", _ => "" }),
            CreditorId = random.Next(3) switch { 0 => "lender", 1 => "other", _ => "" },
            Accounts = IdsOf(random),
            Discussed = random.Next(2) == 0 ? [] : IdsOf(random),
            PlacedAt = placed,
            DeliveredAt = random.Next(4) == 0 ? Instant.Min(at, placed + Duration.FromMinutes(random.Next(1, 2_000))) : null,
            FirstDate = date,
            LastDate = date.PlusDays(random.Next(4) == 0 ? 1 : 0),
            IsCounted = random.Next(6) > 0,
            Facts = new ContactFacts { Placed = random.Next(5) > 0, Delivered = false, TwoWay = random.Next(2) == 0 },
            Standing = ContactStanding.Settled,
        };
    }

    private static ImmutableArray<AccountId> IdsOf(Random random) => random.Next(4) switch { 0 => [], 1 => [new("A")], 2 => [new("B")], _ => [new("A"), new("B")] };
}
