using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Scheduler.Embedded.Orleans.Tests.Activations;

public sealed class LifeTests
{
    [Fact]
    public async Task A_grain_activates_before_its_first_call_and_calls_wait_for_that()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ILifeGrain>("slow");
        var calls = Enumerable.Range(0, 3).Select(_ => grain.Instance()).ToArray();
        await silo.Probe.SeenAsync("slow activates");
        Assert.Equal(0, silo.Probe.Count("slow called"));
        silo.Probe.Open("activation");
        var instances = await Task.WhenAll(calls);
        Assert.Single(instances.Distinct());
        Assert.Equal(["slow activates", "slow activated", "slow called", "slow called", "slow called"], silo.Probe.Notes);
    }

    [Fact]
    public async Task A_failing_activation_fails_every_waiting_call_and_leaves_no_activation()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ILifeGrain>("bad slow");
        var calls = Enumerable.Range(0, 3).Select(_ => grain.Instance()).ToArray();
        foreach (var call in calls)
        {
            var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => call);
            Assert.Equal("Not today.", thrown.Message);
        }

        await grain.Instance();
        Assert.Equal(2, silo.Probe.Count("bad slow activates"));
        Assert.Equal(1, silo.Probe.Count("bad slow called"));
        Assert.Equal(0, silo.Probe.Count("bad slow left: ActivationFailed"));
    }

    [Fact]
    public async Task A_grain_that_asked_to_leave_is_followed_by_a_new_activation_after_it_has_left()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ILifeGrain>("g");
        var first = await grain.Instance();
        var leaving = grain.LeaveBehindGate("gate");
        await silo.Probe.SeenAsync("g asked to leave");
        var next = grain.Instance();
        silo.Probe.Open("gate");
        await leaving;
        Assert.NotEqual(first, await next);
        Assert.Equal(
            ["g activates", "g activated", "g called", "g asked to leave", "g call ended", "g left: ApplicationRequested", "g activates", "g activated", "g called"],
            silo.Probe.Notes);
    }

    [Fact]
    public async Task Leaving_and_calling_from_many_sides_loses_no_call_and_never_doubles_a_grain()
    {
        await using var silo = await SiloFixture.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                var grain = silo.Grains.GetGrain<ILifeGrain>($"g{i % 3}");
                if ((i + worker) % 5 == 0) await grain.Leave();
                else await grain.Instance();
            }
        })));
        for (var g = 0; g < 3; g++)
        {
            var life = silo.Probe.Notes.Where(note => note.StartsWith($"g{g} ", StringComparison.Ordinal) && !note.EndsWith("called", StringComparison.Ordinal));
            string[] expected = ["activates", "activated", "left: ApplicationRequested"];
            Assert.All(life.Select((note, i) => (note, i)), pair => Assert.Equal($"g{g} {expected[pair.i % 3]}", pair.note));
        }
    }

    [Fact]
    public async Task An_idle_activation_is_collected_and_a_used_one_is_not()
    {
        await using var silo = await SiloFixture.StartAsync();
        var idle = silo.Grains.GetGrain<ILifeGrain>("idle");
        var used = silo.Grains.GetGrain<ILifeGrain>("used");
        await idle.Instance();
        var instance = await used.Instance();
        silo.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(instance, await used.Instance());
        silo.Time.Advance(TimeSpan.FromMinutes(6));
        await silo.Probe.SeenAsync("idle left: ActivationIdle");
        Assert.Equal(instance, await used.Instance());
        Assert.Equal(0, silo.Probe.Count("used left: ActivationIdle"));
    }

    [Fact]
    public async Task An_activation_that_delays_its_deactivation_stays_and_one_with_a_running_call_too()
    {
        await using var silo = await SiloFixture.StartAsync();
        var staying = silo.Grains.GetGrain<ILifeGrain>("staying");
        var busy = silo.Grains.GetGrain<ILifeGrain>("busy");
        var idle = silo.Grains.GetGrain<ILifeGrain>("idle");
        await staying.Stay(TimeSpan.FromHours(1));
        _ = busy.Wait("gate");
        await silo.Probe.SeenAsync("busy waits");
        await idle.Instance();
        silo.Time.Advance(TimeSpan.FromMinutes(30));
        await silo.Probe.SeenAsync("idle left: ActivationIdle");
        Assert.Equal(0, silo.Probe.Count("staying left: ActivationIdle"));
        Assert.Equal(0, silo.Probe.Count("busy left: ActivationIdle"));
        silo.Probe.Open("gate");
        silo.Time.Advance(TimeSpan.FromMinutes(31));
        await silo.Probe.SeenAsync("staying left: ActivationIdle");
    }

    [Fact]
    public async Task A_class_may_have_an_age_of_its_own_or_stay_for_ever()
    {
        await using var silo = await SiloFixture.StartAsync();
        await silo.Grains.GetGrain<IShortLivedGrain>("s").Touch();
        await silo.Grains.GetGrain<IKeptGrain>("k").Touch();
        silo.Time.Advance(TimeSpan.FromMinutes(3));
        await silo.Probe.SeenAsync("short-lived left");
        silo.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(2, await silo.Grains.GetGrain<IKeptGrain>("k").Touch());
    }

    [Fact]
    public async Task A_collection_age_that_is_not_longer_than_the_quantum_keeps_the_silo_from_starting()
    {
        var thrown = await Assert.ThrowsAsync<OrleansConfigurationException>(() => SiloFixture.StartAsync(silo =>
            silo.Configure<GrainCollectionOptions>(options => options.CollectionAge = TimeSpan.FromMinutes(1))));
        Assert.Contains("CollectionAge", thrown.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OrleansConfigurationException>(() => SiloFixture.StartAsync(silo =>
            silo.Configure<GrainCollectionOptions>(options => options.CollectionQuantum = TimeSpan.FromMinutes(5))));
    }

    [Fact]
    public async Task A_grain_that_derives_from_nothing_gets_its_context_its_services_and_is_disposed_with_them()
    {
        await using var silo = await SiloFixture.StartAsync(builder => builder.Services.AddScoped<ScopedService>());
        Assert.Equal("p True 2026-03-02", await silo.Grains.GetGrain<IPlainGrain>("p").Services(again: false));
        Assert.Equal(["plain activated"], silo.Probe.Notes);
        await silo.StopAsync();
        Assert.Equal(["plain activated", "plain disposed", "scope disposed"], silo.Probe.Notes);
    }
}
