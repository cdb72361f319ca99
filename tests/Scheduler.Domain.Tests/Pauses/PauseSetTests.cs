using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Pauses;

namespace Scheduler.Domain.Tests.Pauses;

public sealed class PauseSetTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 3, 2, 12, 0);

    private static readonly PausableWork Work = new("acme", ContactChannel.Whatsapp, "mild", "t-1", "wa-1", "s-1");

    [Fact]
    public void A_pause_that_withdraws_is_not_hidden_by_a_longer_one_that_does_not()
    {
        var gentle = new Pause("gentle", new PauseScope { Channel = ContactChannel.Whatsapp }, Now, End: null, Revokes: false);
        var hard = new Pause("hard", new PauseScope { Tenant = "acme" }, Now, Now + Duration.FromHours(1), Revokes: true);
        foreach (var order in new[] { new PauseSet([gentle, hard]), new PauseSet([hard, gentle]) })
        {
            Assert.Equal("gentle", order.Find(Work, Now)!.Id);
            Assert.True(order.Revokes(Work, Now));
            Assert.False(order.Revokes(Work with { Tenant = "other" }, Now));
            Assert.False(order.Revokes(Work, Now + Duration.FromHours(1)));
        }
    }

    [Fact]
    public void The_longest_of_all_that_cover_the_work_is_found_whoever_it_is_for()
    {
        string[] tenants = ["", "acme", "other"];
        ContactChannel[] channels = [ContactChannel.Unknown, ContactChannel.Whatsapp, ContactChannel.Call];
        Duration?[] ends = [null, Duration.Zero, Duration.FromHours(1), Duration.FromHours(2)];
        var every = (from tenant in tenants from channel in channels from end in ends select (tenant, channel, end))
            .Select((one, i) => new Pause($"p{i}", new PauseScope { Tenant = one.tenant, Channel = one.channel }, Now - Duration.FromHours(1), Now + one.end, Revokes: false)).ToArray();
        for (var first = 0; first < every.Length; first++)
        {
            for (var second = 0; second < every.Length; second++)
            {
                ImmutableArray<Pause> both = [every[first], every[second]];
                var covering = both.Where(static pause => pause.IsInForce(Now) && pause.Scope.Covers(Work)).ToArray();
                var found = new PauseSet(both).Find(Work, Now);
                Assert.Equal(covering.Length == 0, found is null);
                if (found is not null) Assert.Equal(covering.Max(static pause => pause.End ?? Instant.MaxValue), found.End ?? Instant.MaxValue);
            }
        }
    }
}
