using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Ready;
using Scheduler.Grains.Tests.TestKit;

namespace Scheduler.Grains.Tests.Simulation;

/// <summary>Many debtors cost memory only while something is to be done about them.</summary>
public sealed class CrowdTests
{
    [Fact]
    public async Task Debtors_whose_wake_is_far_leave_no_activation_and_no_timer_and_wake_on_time()
    {
        const int Idle = 10_000;
        const int Early = 4_711;
        await using var world = await World.StartAsync(new WorldTerms { IsTransportSimulated = true, IsOffDisk = true });
        await world.EnterAsync(Entries.Reachable("warm"));
        Assert.Single(await Crowd.PullAsync(world, 10));
        await LetAgeAsync(world);
        var (activations, timers) = (world.CountActivations(), world.Time.TimerCount);

        await Crowd.EnterAsync(world, Idle, static number => World.TuesdayTen.AddDays(number == Early ? 1 : 40));
        Assert.Equal(activations, world.CountActivations());
        // A turn of many: each leaves memory with its answer.
        await Task.WhenAll(Enumerable.Range(0, 3_000).Select(number => world.Debtor($"d{number}").RecordSignal(Noted(world, number))));
        await world.QuietAsync();
        Assert.Equal((activations, timers), (world.CountActivations(), world.Time.TimerCount));
        // Who was only looked at is in memory until it is collected.
        foreach (var number in Enumerable.Range(0, 500)) await world.StateAsync($"d{number}");
        Assert.Equal(activations + 500, world.CountActivations());
        await LetAgeAsync(world);
        Assert.Equal((activations, timers), (world.CountActivations(), world.Time.TimerCount));

        var wake = (await world.StateAsync($"d{Early}")).WakeTime.ToDateTimeOffset();
        Assert.InRange(wake, World.TuesdayTen.AddDays(1), World.TuesdayTen.AddDays(3));
        var wakes = Wakes(world);
        world.Time.AdvanceTo(wake - TimeSpan.FromSeconds(1));
        Assert.Empty(await Crowd.PullAsync(world, 10));
        Assert.Equal(wakes, Wakes(world));
        world.Time.AdvanceTo(wake);
        Assert.Equal($"d{Early}", Assert.Single(await Crowd.PullAsync(world, 10)).DebtorId);
        Assert.Equal(wakes + 1, Wakes(world));
    }

    [Fact]
    public async Task A_crowd_that_is_due_at_one_instant_is_released_by_demand_and_all_of_it_is_served()
    {
        const int Due = 10_000;
        const int Pull = 1_000;
        await using var world = await World.StartAsync(new WorldTerms { IsTransportSimulated = true, IsOffDisk = true });
        // Three in the morning in Bogota: the window opens for all of them at seven.
        world.Time.AdvanceTo(World.TuesdayTen.AddHours(17));
        await Crowd.EnterAsync(world, Due, static _ => World.TuesdayTen.AddDays(-1));
        var before = world.CountActivations();
        world.Time.AdvanceTo(World.TuesdayTen.AddHours(21));
        await world.QuietAsync();
        Assert.Equal((before, 0L), (world.CountActivations(), Wakes(world)));

        var served = new HashSet<string>(StringComparer.Ordinal);
        var (mostReady, mostActive) = (0, 0);
        while (await Crowd.PullAsync(world, Pull) is { Count: > 0 } dispatches)
        {
            mostReady = Math.Max(mostReady, await world.Grains.GetGrain<IReadyQueueGrain>("whatsapp").Count());
            mostActive = Math.Max(mostActive, world.CountActivations());
            Assert.All(dispatches, dispatch => Assert.True(served.Add(dispatch.DebtorId)));
            await Task.WhenAll(dispatches.Select(dispatch => world.ReportAsync(Entries.Placed(dispatch, world.Time.GetUtcNow()))));
        }

        Assert.Equal(Due, served.Count);
        // Queues ask for twice their largest pull; in memory are those, and what is leased.
        Assert.InRange(mostReady, Pull, 2 * Pull);
        Assert.InRange(mostActive, Pull, before + (3 * Pull));
    }

    /// <summary>Longer than an idle activation is kept; the collector looks around once in each advance.</summary>
    private static async Task LetAgeAsync(World world)
    {
        foreach (var minutes in new[] { 20, 2 })
        {
            await world.AdvanceAsync(TimeSpan.FromMinutes(minutes));
            await world.QuietAsync();
        }
    }

    private static long Wakes(World world) => world.Counters.Read().GetValueOrDefault("wakes");

    private static Submission Noted(World world, int number)
    {
        var signal = new V1.Signal
        {
            SignalId = $"s{number}",
            OccurTime = Timestamp.FromDateTimeOffset(world.Time.GetUtcNow()),
            InformationRequest = new V1.InformationRequest { Subject = "statement" },
        };
        return new Submission(signal.ToByteArray(), "tests");
    }
}
