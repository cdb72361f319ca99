using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Embedded;

namespace Scheduler.Embedded.Orleans.Tests;

/// <summary>
/// A host with a silo, on a simulated clock. The only file of these tests that knows which runtime they run on:
/// for the packages it adds localhost clustering, the in-memory reminder service and upstream's keyed clocks.
/// </summary>
internal sealed class SiloFixture : IAsyncDisposable
{
    private readonly IHost _host;

    private SiloFixture(IHost host, SimulatedTime time)
    {
        _host = host;
        Time = time;
    }

    public SimulatedTime Time { get; }

    public IServiceProvider Services => _host.Services;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public Probe Probe => _host.Services.GetRequiredService<Probe>();

    public static async Task<SiloFixture> StartAsync(Action<ISiloBuilder>? configure = null, SimulatedTime? time = null)
    {
        var fixture = Build(configure, time);
        try
        {
            await fixture._host.StartAsync(TestContext.Current.CancellationToken);
            return fixture;
        }
        catch
        {
            fixture._host.Dispose();
            throw;
        }
    }

    /// <summary>What must outlive the silo so that its reminders do.</summary>
    public static object ReminderStoreOf(SiloFixture silo) => silo.Services.GetRequiredService<IReminderStore>();

    public static void UseReminderStore(ISiloBuilder builder, object store) => builder.Services.AddSingleton((IReminderStore)store);

    public Task StopAsync() => _host.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Probe.ReleaseAll();
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    private static SiloFixture Build(Action<ISiloBuilder>? configure, SimulatedTime? time)
    {
        time ??= new SimulatedTime(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton<Probe>();
        builder.UseOrleans(silo => configure?.Invoke(silo));
        return new SiloFixture(builder.Build(), time);
    }
}
