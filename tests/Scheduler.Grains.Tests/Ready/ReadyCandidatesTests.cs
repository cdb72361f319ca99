using System.Collections.Immutable;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Ready;

namespace Scheduler.Grains.Tests.Ready;

public sealed class ReadyCandidatesTests : IDisposable
{
    private const long Now = 1_000_000;
    private const long Later = Now + 3_600_000;

    private readonly ContactCounters _counters = new();
    private readonly ReadyCandidates _candidates;

    public ReadyCandidatesTests() => _candidates = new ReadyCandidates(_counters);

    public void Dispose() => _counters.Dispose();

    [Fact]
    public void The_most_urgent_band_goes_first_and_within_it_what_closes_first()
    {
        Add("t/slow", band: 2, closesAt: Later);
        Add("t/late", band: 0, closesAt: Later);
        Add("t/soon", band: 0, closesAt: Later - 1);
        Assert.Equal(["t/soon", "t/late", "t/slow"], Take());
    }

    [Fact]
    public void A_second_offer_of_a_debtor_replaces_the_first_and_is_counted()
    {
        Add("t/a", version: 1);
        Add("t/a", version: 2);
        Assert.Equal(2, Assert.Single(_candidates.Take(TakeTerms.All, 10, Now)).Version);
        Assert.Equal(1, _counters.Read()["offers_doubled"]);
    }

    [Fact]
    public void An_offer_of_a_tenant_goes_to_pulls_that_serve_it()
    {
        Add("mine/a", lane: 1);
        Add("other/b", lane: 2);
        Assert.Equal(["mine/a"], _candidates.Take(TakeTerms.All with { Tenants = ["mine"] }, 10, Now).Select(static c => c.Debtor));
        Assert.Equal(1, _candidates.Count);
    }

    [Fact]
    public void An_offer_whose_time_is_over_is_not_handed_out()
    {
        Add("t/a");
        Assert.Empty(_candidates.Take(TakeTerms.All, 10, Now + ReadyCandidates.LivesFor));
        Add("t/b", closesAt: Now + 5);
        Assert.Empty(_candidates.Take(TakeTerms.All, 10, Now + 5));
    }

    [Fact]
    public void A_full_lane_drops_and_says_so()
    {
        for (var i = 0; i <= ReadyLane.Capacity; i++) Add("t/" + i);
        Assert.Equal(ReadyLane.Capacity, _candidates.Count);
        Assert.Equal(1, _counters.Read()["offers_dropped"]);
    }

    private void Add(string debtor, long version = 1, int band = 2, long closesAt = Later, int? lane = null) =>
        _candidates.Add(new Candidate(debtor, version, lane ?? band, ContactChannel.Sms, band, closesAt), Now);

    private ImmutableArray<string> Take() => _candidates.Take(TakeTerms.All, 10, Now).Select(static c => c.Debtor).ToImmutableArray();
}
