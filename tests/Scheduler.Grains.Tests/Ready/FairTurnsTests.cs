using System.Collections.Immutable;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Ready;

namespace Scheduler.Grains.Tests.Ready;

/// <summary>How tenants share a queue.</summary>
public sealed class FairTurnsTests : IDisposable
{
    private const long Now = 1_000_000;
    private const long Later = Now + 3_600_000;

    private readonly ContactCounters _counters = new();
    private readonly ReadyCandidates _candidates;
    private int _added;

    public FairTurnsTests() => _candidates = new ReadyCandidates(_counters);

    public void Dispose() => _counters.Dispose();

    [Fact]
    public void A_tenant_with_a_full_lane_of_the_most_urgent_does_not_starve_another()
    {
        Add("noisy", ReadyLane.Capacity, lane: 1, band: 0);
        Add("quiet", 50, lane: 2, band: 3);
        Assert.Equal([("noisy", 50), ("quiet", 50)], Shares(Take(100)));
        Assert.Equal([("noisy", 100)], Shares(Take(100)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void Shares_hold_over_many_pulls_whatever_their_size(int size)
    {
        Add("a", 400, lane: 1);
        Add("b", 400, lane: 2);
        Add("c", 400, lane: 3);
        var taken = Enumerable.Range(0, 420 / size).SelectMany(_ => Take(size)).ToList();
        Assert.Equal([("a", 140), ("b", 140), ("c", 140)], Shares(taken));
    }

    [Fact]
    public void A_tenant_gives_as_many_in_its_turn_as_its_weight_says()
    {
        Add("a", 400, lane: 1);
        Add("b", 400, lane: 2);
        var terms = TakeTerms.All with { Weights = new Dictionary<string, int>(StringComparer.Ordinal) { ["a"] = 3 } };
        Assert.Equal([("a", 75), ("b", 25)], Shares(_candidates.Take(terms, 100, Now)));
        var small = Enumerable.Range(0, 50).SelectMany(_ => _candidates.Take(terms, 2, Now)).ToList();
        Assert.Equal([("a", 75), ("b", 25)], Shares(small));
    }

    [Fact]
    public void A_tenant_that_had_nothing_for_long_gets_its_share_and_no_more()
    {
        Add("a", 1_000, lane: 1);
        Assert.Equal([("a", 500)], Shares(Take(500)));
        Add("b", 400, lane: 2);
        Assert.Equal([("a", 50), ("b", 50)], Shares(Take(100)));
    }

    [Fact]
    public void A_pull_for_one_tenant_leaves_the_turns_of_the_others_as_they_are()
    {
        Add("a", 100, lane: 1);
        Add("b", 100, lane: 2);
        Add("c", 100, lane: 3);
        for (var i = 0; i < 10; i++) Assert.Single(_candidates.Take(TakeTerms.All with { Tenants = ["b"] }, 1, Now));
        Assert.Equal([("a", 30), ("b", 30), ("c", 30)], Shares(Take(90)));
    }

    [Fact]
    public void What_one_pull_takes_is_answered_most_urgent_first_whosever_it_is()
    {
        Add("a", 2, lane: 1, band: 3);
        Add("b", 1, lane: 2, band: 0);
        Assert.Equal([0, 3, 3], Take(10).Select(static c => c.Band));
    }

    [Fact]
    public void Candidates_offered_again_and_again_do_not_fill_the_memory()
    {
        for (var round = 1; round <= 1_000; round++)
        {
            for (var i = 0; i < 10; i++) _candidates.Add(new Candidate("t/" + i, round, 1, ContactChannel.Sms, 1, Later + round), Now);
        }

        Assert.Equal(10, _candidates.Count);
        Assert.InRange(Assert.Single(_candidates.Lanes).Held, 10, 200);
        Assert.Equal(10, Take(100).Length);
    }

    [Fact]
    public void A_queue_has_an_end_however_many_tenants_offer()
    {
        for (var tenant = 0; tenant < 30; tenant++) Add("tenant-" + tenant, ReadyLane.Capacity, lane: tenant);
        Assert.Equal(ReadyCandidates.Capacity, _candidates.Count);
        Assert.Equal((30 * ReadyLane.Capacity) - ReadyCandidates.Capacity, _counters.Read()["offers_dropped"]);
    }

    private void Add(string tenant, int count, int lane, int band = 1)
    {
        for (var i = 0; i < count; i++) _candidates.Add(new Candidate($"{tenant}/{_added++}", 1, lane, ContactChannel.Sms, band, Later + i), Now);
    }

    private ImmutableArray<Candidate> Take(int count) => _candidates.Take(TakeTerms.All, count, Now);

    private static IEnumerable<(string Tenant, int Count)> Shares(IEnumerable<Candidate> taken) =>
        taken.GroupBy(static c => c.Debtor[..c.Debtor.IndexOf('/', StringComparison.Ordinal)], StringComparer.Ordinal)
            .OrderBy(static g => g.Key, StringComparer.Ordinal)
            .Select(static g => (g.Key, g.Count()));
}
