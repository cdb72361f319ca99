using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Domain.Tests.Policy;

namespace Scheduler.Domain.Tests.Caps;

/// <summary>Counters against a brute-force count of random histories.</summary>
public sealed class CounterOracleTests
{
    private static readonly PolicySnapshot Days = Situation.Policy("""{id: XX.cap, type: cap, limit: 3, period: {local_days: 7}, scope: [person], counts: {predicate: placed}, source: made up}""");
    private static readonly PolicySnapshot Week = Situation.Policy("""{id: XX.cap, type: cap, limit: 3, period: {week: mon}, scope: [person], counts: {predicate: placed}, source: made up}""");
    private static readonly PolicySnapshot Hours = Situation.Policy("""{id: XX.cap, type: cap, limit: 3, period: {hours: 36}, scope: [person], counts: {predicate: placed}, source: made up}""");
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["America/New_York"];

    [Fact]
    public void Seven_local_days_count_as_a_calendar_laid_beside_the_history_does() =>
        Compare(Days, (contact, at) => Period.DaysBetween(DateOf(contact), DateOf(at)) < 7);

    [Fact]
    public void A_week_from_Monday_counts_what_lies_in_it() => Compare(Week, (contact, at) => MondayOf(DateOf(contact)) == MondayOf(DateOf(at)));

    [Fact]
    public void Rolling_hours_count_to_the_instant() => Compare(Hours, (contact, at) => at - contact < Duration.FromHours(36));

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    public void One_below_the_limit_permits_and_the_limit_does_not(int contacts, bool permits) => Assert.Equal(permits, Placed(Days, contacts).Ask(Days).IsPermit);

    [Fact]
    public void The_contact_that_the_lease_itself_reserved_is_left_out() =>
        Assert.True((Placed(Days, 3) with { ExceptContact = "c2" }).Ask(Days).IsPermit);

    [Fact]
    public void A_full_history_forbids_until_what_no_longer_counts_is_dropped()
    {
        var full = Placed(Days, DebtorLimits.Contacts);
        Assert.Equal("history.full", full.Ask(Situation.Policy("""{id: XX.hours, type: window, week: {all: "00:00-24:00"}, source: made up}""")).RuleId);
        var old = full with { At = full.At + Duration.FromDays(60) };
        Assert.True(old.Ask(Days).IsPermit);
    }

    [Fact]
    public void A_contact_of_two_possible_dates_counts_on_both()
    {
        var policy = Situation.Policy("""{id: XX.day, type: closed_until, until: end_of_local_day, scope: [person], counts: {predicate: placed}, source: made up}""");
        var situation = Placed(policy, 1);
        var contact = situation.Debtor.Contacts[0];
        var next = contact.LastDate.PlusDays(1);
        situation = situation.With(debtor => debtor with { Contacts = [contact with { LastDate = next }] }) with { At = next.At(new LocalTime(12, 0)).InZoneLeniently(Zone).ToInstant() };
        Assert.Equal(next.PlusDays(1).AtStartOfDayInZone(Zone).ToInstant(), situation.Ask(policy).At);
    }

    private static void Compare(PolicySnapshot policy, Func<Instant, Instant, bool> counts)
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var at = Instant.FromUtc(2026, 3, 12, 0, 0) + Duration.FromMinutes(random.Next(0, 250 * 1440));
            var debtor = Situation.Living("XX:America/New_York");
            var placed = Enumerable.Range(0, random.Next(0, 12)).Select(_ => at - Duration.FromMinutes(random.Next(1, 9 * 1440))).Order().ToList();
            var situation = new Situation { Debtor = debtor with { Contacts = [.. placed.Select((one, index) => Contact(index, one, policy, debtor))] }, At = at };
            var verdict = situation.Ask(policy);
            var used = placed.Count(one => counts(one, at));
            Assert.True(verdict.IsPermit == used < 3, $"seed {seed}: {used} used, {verdict}");
            if (verdict.IsPermit) continue;
            Assert.True(placed.Count(one => counts(one, verdict.At)) < 3, $"seed {seed}: {verdict}");
            Assert.True(placed.Count(one => counts(one, verdict.At - Duration.Epsilon)) >= 3, $"seed {seed}: {verdict}");
        }
    }

    private static Situation Placed(PolicySnapshot policy, int contacts)
    {
        var debtor = Situation.Living("XX:America/New_York");
        var at = Instant.FromUtc(2026, 11, 18, 18, 0);
        return new Situation { Debtor = debtor with { Contacts = [.. Enumerable.Range(0, contacts).Select(index => Contact(index, at - Duration.FromMinutes(contacts - index), policy, debtor))] }, At = at };
    }

    private static ContactRecord Contact(int index, Instant at, PolicySnapshot policy, DebtorState debtor) =>
        Situation.Contact($"c{index}", ContactChannel.Call, at, policy, debtor, new ContactFacts { Placed = true });

    private static LocalDate DateOf(Instant at) => at.InZone(Zone).Date;

    private static LocalDate MondayOf(LocalDate date) => date.PlusDays(1).Previous(IsoDayOfWeek.Monday);
}
