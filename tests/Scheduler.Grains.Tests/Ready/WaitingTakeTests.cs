using Scheduler.Domain.Debtors;
using Scheduler.Grains.Ready;
using Scheduler.Grains.Tests.TestKit;

namespace Scheduler.Grains.Tests.Ready;

/// <summary>Takes that wait in the turn of a queue, on a clock that stands still unless the test moves it.</summary>
public sealed class WaitingTakeTests
{
    /// <summary>Of a test whose take is never woken: nothing here waits in the machine's time.</summary>
    private const int LongestRun = 30_000;

    private static readonly TimeSpan Company = TimeSpan.FromMilliseconds(5);

    [Fact(Timeout = LongestRun)]
    public async Task An_offer_wakes_a_take_that_waits_before_it_looks_up_by_itself()
    {
        await using var world = await StartAsync();
        var take = Take(world);
        await world.Waits.BecomeAsync(1, 1);
        await OfferAsync(world, "d1", woken: 1);
        Advance(world, Company);
        Assert.Equal(["acme/d1"], await NamesAsync(take));
    }

    [Fact(Timeout = LongestRun)]
    public async Task Of_two_takes_that_wait_one_gets_the_candidate_and_the_other_the_next()
    {
        await using var world = await StartAsync();
        Task<TakeAnswer>[] takes = [Take(world), Take(world)];
        await world.Waits.BecomeAsync(2, 2);
        await OfferAsync(world, "d1", woken: 2);
        Advance(world, Company);
        // One has ended, and the other waits anew.
        await world.Waits.BecomeAsync(1, 5);
        await Task.WhenAny(takes).WaitAsync(Cancel);
        var served = Array.FindIndex(takes, static one => one.IsCompleted);
        Assert.Equal(["acme/d1"], await NamesAsync(takes[served]));

        await OfferAsync(world, "d2", woken: 1);
        Advance(world, Company);
        Assert.Equal(["acme/d2"], await NamesAsync(takes[1 - served]));
        Assert.Equal(0, await Queue(world).Count());
    }

    [Fact(Timeout = LongestRun)]
    public async Task A_take_that_comes_while_another_is_being_woken_hides_no_offer_from_it()
    {
        await using var world = await StartAsync();
        var first = Take(world);
        await world.Waits.BecomeAsync(1, 1);
        await OfferAsync(world, "d1", woken: 1);
        // It serves another tenant, finds nothing and waits for a signal of its own.
        var other = Take(world, tenant: "another");
        await world.Waits.BecomeAsync(2, 3);
        var third = Take(world);
        Assert.Equal(["acme/d1"], await NamesAsync(third));
        Advance(world, Company);
        await world.Waits.BecomeAsync(2, 4);

        await OfferAsync(world, "d2", woken: 2);
        Advance(world, Company);
        Assert.Equal(["acme/d2"], await NamesAsync(first));
        await world.Waits.BecomeAsync(1, 7);
        await OfferAsync(world, "d3", woken: 1, tenant: "another");
        Advance(world, Company);
        Assert.Equal(["another/d3"], await NamesAsync(other));
    }

    [Fact(Timeout = LongestRun)]
    public async Task As_many_takes_as_wait_are_served_by_as_many_offers()
    {
        const int Many = 40;
        await using var world = await StartAsync();
        var takes = Enumerable.Range(0, Many).Select(_ => Take(world)).ToList();
        await world.Waits.BecomeAsync(Many, Many);
        for (var number = 0; number < Many; number++) await Queue(world).Offer(Candidate("acme", $"d{number}"));
        await world.Waits.BecomeAsync(Many, 2 * Many);
        Advance(world, Company);
        var served = await Task.WhenAll(takes.Select(NamesAsync));
        Assert.Equal(Many, served.SelectMany(static names => names).Distinct(StringComparer.Ordinal).Count());
        Assert.All(served, static names => Assert.Single(names));
    }

    [Fact(Timeout = LongestRun)]
    public async Task A_take_that_nothing_comes_for_ends_when_its_time_is_over()
    {
        await using var world = await StartAsync();
        var take = Take(world, wait: TimeSpan.FromMilliseconds(700));
        await world.Waits.BecomeAsync(1, 1);
        Advance(world, TimeSpan.FromMilliseconds(500));
        await world.Waits.BecomeAsync(1, 2);
        Assert.False(take.IsCompleted);
        Advance(world, TimeSpan.FromMilliseconds(200));
        Assert.Empty(await NamesAsync(take));
    }

    /// <summary>A timer counts whole milliseconds: a wait for the rest of one must not keep the queue from everybody else.</summary>
    [Fact(Timeout = LongestRun)]
    public async Task While_a_part_of_a_millisecond_is_left_of_a_take_the_queue_answers_others()
    {
        await using var world = await StartAsync();
        var take = Take(world, wait: TimeSpan.FromMicroseconds(1_500));
        await world.Waits.BecomeAsync(1, 1);
        try
        {
            Advance(world, TimeSpan.FromMilliseconds(1));
            await Queue(world).Count().WaitAsync(Cancel);
            Assert.False(take.IsCompleted);
        }
        finally
        {
            Advance(world, TimeSpan.FromMilliseconds(1));
        }

        Assert.Empty(await NamesAsync(take));
        Assert.Equal(1, world.Waits.Begun);
    }

    private static Task<World> StartAsync() => World.StartAsync(new WorldTerms { IsTransportSimulated = true, IsOffDisk = true });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static IReadyQueueGrain Queue(World world) => world.Grains.GetGrain<IReadyQueueGrain>("whatsapp");

    private static Task<TakeAnswer> Take(World world, string tenant = World.Tenant, TimeSpan? wait = null) =>
        Queue(world).Take(new TakeRequest([tenant], 1, wait ?? TimeSpan.FromSeconds(20)));

    /// <param name="woken">Takes that begin to wait for company.</param>
    private static async Task OfferAsync(World world, string debtor, int woken, string tenant = World.Tenant)
    {
        var (count, begun) = (world.Waits.Count, world.Waits.Begun);
        await Queue(world).Offer(Candidate(tenant, debtor));
        await world.Waits.BecomeAsync(count, begun + woken);
    }

    private static Candidate Candidate(string tenant, string debtor) =>
        new($"{tenant}/{debtor}", 1, tenant == World.Tenant ? 1 : 2, ContactChannel.Whatsapp, 1, World.TuesdayTen.AddHours(2).ToUnixTimeMilliseconds());

    private static async Task<string[]> NamesAsync(Task<TakeAnswer> take) => [.. (await take.WaitAsync(Cancel)).Candidates.Select(static one => one.Debtor)];

    private static void Advance(World world, TimeSpan time) => world.Time.AdvanceTo(world.Time.GetUtcNow() + time);
}
