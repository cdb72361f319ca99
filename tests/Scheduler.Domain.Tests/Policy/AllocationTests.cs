using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Tests.Policy;

public sealed class AllocationTests
{
    [Theory]
    [InlineData("CO", 15)]
    [InlineData("US-PA", 15)]
    [InlineData("US-AZ", 23)]
    public void A_permit_allocates_nothing(string place, int hour)
    {
        var policy = Situation.Library.Compile();
        var situation = new Situation { Debtor = Situation.Living(place), At = Instant.FromUtc(2026, 11, 18, hour, 0) };
        var history = Enumerable.Range(1, 5).Select(day => Situation.Contact(
            $"c{day}", ContactChannel.Call, situation.At - Duration.FromDays(day), policy, situation.Debtor, new ContactFacts { Placed = true, Delivered = false, TwoWay = false }));
        situation = situation.With(debtor => debtor with { Contacts = [.. history.Reverse()] });
        AssertAllocatesNothing(situation, policy);
    }

    [Fact]
    public void A_permit_by_requested_hours_on_the_day_the_clocks_change_allocates_nothing()
    {
        var policy = Situation.Library.Compile();
        var hours = new ConsentFact { Id = "k1", Kind = ConsentKind.HoursExtended, GivenAt = Instant.FromUtc(2026, 3, 1, 0, 0), GivenDirectly = true, Hours = [new WeeklyHours(0, 90, 150)] };
        var situation = new Situation { Debtor = Situation.Living("US-NY"), At = Instant.FromUtc(2026, 3, 8, 6, 45) }.With(debtor => debtor with { Consents = debtor.Consents.Add(hours) });
        AssertAllocatesNothing(situation, policy);
    }

    public static TheoryData<string> PackIds => [.. PackSituation.PackIds];

    [Theory]
    [MemberData(nameof(PackIds))]
    public void No_shipped_pack_allocates_for_a_permit(string packId)
    {
        var policy = PackSituation.PolicyWith(packId);
        var debtor = PackSituation.LivingUnder(packId);
        var start = Instant.FromUtc(2026, 11, 18, 0, 0);
        var history = Enumerable.Range(2, 3).Select(weeks => Situation.Contact(
            $"c{weeks}", ContactChannel.Call, start - Duration.FromDays(7 * weeks), policy, debtor, new ContactFacts { Placed = true, Delivered = false, TwoWay = false }));
        var situation = new Situation { Debtor = debtor with { Contacts = [.. history.Reverse()] }, At = start };
        var permitted = Enum.GetValues<ContactChannel>().Where(channel => channel != ContactChannel.Unknown)
            .Select(channel => situation with { Channel = channel, Notices = [.. Domain.Policy.PolicyEvaluator.RequiredNotices((situation with { Channel = channel }).Question, policy)] })
            .Select(asked => (Asked: asked, Opens: Domain.Policy.PolicyEvaluator.NextOpening(asked.Question, policy, start, Duration.FromDays(14))))
            .Where(one => one.Opens is not null)
            .Select(one => one.Asked with { At = one.Opens!.Value })
            .ToList();
        Assert.NotEmpty(permitted);
        foreach (var one in permitted) AssertAllocatesNothing(one, policy);
    }

    private static void AssertAllocatesNothing(Situation situation, Scheduler.Domain.Policy.PolicySnapshot policy)
    {
        var question = situation.Question;
        for (var warm = 0; warm < 200; warm++) Assert.True(Scheduler.Domain.Policy.PolicyEvaluator.Evaluate(question, policy).IsPermit);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < 100; run++) Scheduler.Domain.Policy.PolicyEvaluator.Evaluate(question, policy);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
