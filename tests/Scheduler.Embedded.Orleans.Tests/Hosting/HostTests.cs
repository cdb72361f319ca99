using Microsoft.Extensions.DependencyInjection;
using Scheduler.Embedded.Orleans.Tests.Activations;
using Scheduler.Embedded.Orleans.Tests.Turns;

namespace Scheduler.Embedded.Orleans.Tests.Hosting;

public sealed class HostTests
{
    [Fact]
    public async Task Stages_start_upwards_and_stop_downwards_and_storage_outlives_the_grains()
    {
        var silo = await SiloFixture.StartAsync(builder =>
        {
            Observe(builder, "storage", ServiceLifecycleStage.RuntimeStorageServices);
            Observe(builder, "application", ServiceLifecycleStage.ApplicationServices);
            builder.AddStartupTask(static async (services, _) =>
            {
                services.GetRequiredService<Probe>().Note("startup task");
                await services.GetRequiredService<IGrainFactory>().GetGrain<ILifeGrain>("g").Instance();
            });
        });
        await silo.StopAsync();
        Assert.Equal(
            [
                "storage starts", "application starts", "startup task", "g activates", "g activated", "g called",
                "g left: ShuttingDown", "application stops", "storage stops",
            ],
            silo.Probe.Notes);
        await silo.DisposeAsync();
    }

    [Fact]
    public async Task A_failing_startup_task_keeps_the_silo_from_starting()
    {
        await Assert.ThrowsAsync<FieldException>(() => SiloFixture.StartAsync(static builder =>
            builder.AddStartupTask(static (_, _) => throw new FieldException("No database."))));
    }

    [Fact]
    public async Task Stopping_lets_running_and_waiting_calls_end_and_deactivates_every_grain()
    {
        var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ILifeGrain>("g");
        var running = grain.Wait("gate");
        var waiting = grain.Instance();
        await silo.Probe.SeenAsync("g waits");
        var stopping = silo.StopAsync();
        Assert.False(stopping.IsCompleted);
        silo.Probe.Open("gate");
        await stopping;
        await running;
        await waiting;
        Assert.Equal(["g activates", "g activated", "g waits", "g waited", "g called", "g left: ShuttingDown"], silo.Probe.Notes);
        await silo.DisposeAsync();
    }

    [Fact]
    public async Task While_stopping_grains_may_call_grains_and_nobody_else_may()
    {
        var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ILifeGrain>("g");
        await grain.CallOnLeaving("other");
        await silo.StopAsync();
        Assert.Equal(1, silo.Probe.Count("other called"));
        Assert.Equal(1, silo.Probe.Count("g left: ShuttingDown"));
        Assert.Equal(1, silo.Probe.Count("other left: ShuttingDown"));
        await Assert.ThrowsAnyAsync<OrleansException>(() => grain.Instance());
        await silo.DisposeAsync();
    }

    [Fact]
    public async Task An_interface_without_a_class_is_refused_by_name()
    {
        await using var silo = await SiloFixture.StartAsync();
        var thrown = Assert.ThrowsAny<ArgumentException>(() => silo.Grains.GetGrain<INobodysGrain>("n"));
        Assert.Contains(nameof(INobodysGrain), thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_knows_which_grain_it_means()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ITurnGrain>("tenant/debtor");
        Assert.Equal("tenant/debtor", grain.GetPrimaryKeyString());
        Assert.Equal("turn/tenant/debtor", grain.GetGrainId().ToString());
        Assert.Equal(GrainId.Create("turn", "tenant/debtor"), grain.GetGrainId());
        Assert.Equal("reentrant", silo.Grains.GetGrain<IReentrantGrain>(1).GetGrainId().Type.ToString());
    }

    [Fact]
    public async Task Many_callers_may_be_the_first_to_use_an_interface()
    {
        await using var silo = await SiloFixture.StartAsync();
        using var start = new Barrier(8);
        var calls = Enumerable.Range(0, 8).Select(i => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                return silo.Grains.GetGrain<IFirstUseGrain>(i).Call();
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap());
        Assert.Equal(8, (await Task.WhenAll(calls)).Length);
    }

    [Fact]
    public async Task Interfaces_and_classes_may_be_internal_and_nested()
    {
        await using var silo = await SiloFixture.StartAsync();
        Assert.Equal("hidden", await silo.Grains.GetGrain<IHiddenGrain>("h").Call(new HiddenMessage("hidden")));
    }

    internal interface IHiddenGrain : IGrainWithStringKey
    {
        Task<string> Call(HiddenMessage message);
    }

    [GenerateSerializer]
    internal sealed record HiddenMessage(string Text);

    internal sealed class HiddenGrain : Grain, IHiddenGrain
    {
        public Task<string> Call(HiddenMessage message) => Task.FromResult(message.Text);
    }

    private static void Observe(ISiloBuilder builder, string name, int stage) =>
        builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(services => new Observer(services.GetRequiredService<Probe>(), name, stage));

    private sealed class Observer(Probe probe, string name, int stage) : ILifecycleParticipant<ISiloLifecycle>
    {
        public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe<Observer>(
            stage,
            _ =>
            {
                probe.Note($"{name} starts");
                return Task.CompletedTask;
            },
            _ =>
            {
                probe.Note($"{name} stops");
                return Task.CompletedTask;
            });
    }
}

public interface INobodysGrain : IGrainWithStringKey
{
    Task Call();
}

public interface IFirstUseGrain : IGrainWithIntegerKey
{
    Task<int> Call();
}

public sealed class FirstUseGrain : Grain, IFirstUseGrain
{
    public Task<int> Call() => Task.FromResult(1);
}
