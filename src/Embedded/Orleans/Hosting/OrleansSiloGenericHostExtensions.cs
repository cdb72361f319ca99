using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Embedded;
using Orleans.Hosting;
using Orleans.Lifecycle;
using Orleans.References;
using Orleans.Reminders;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds a silo to the host.</summary>
public static class OrleansSiloGenericHostExtensions
{
    public static IHostApplicationBuilder UseOrleans(this IHostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(hostAppBuilder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        var services = hostAppBuilder.Services;
        if (!services.Any(static each => each.ServiceType == typeof(Silo))) AddSilo(services);
        configureDelegate(new SiloBuilder(services, hostAppBuilder.Configuration));
        return hostAppBuilder;
    }

    private static void AddSilo(IServiceCollection services)
    {
#pragma warning disable RS0030 // The default when the composition root has chosen no clock, as upstream's.
        services.TryAddSingleton(TimeProvider.System);
#pragma warning restore RS0030
        services.AddOptions();
        services.AddLogging();
        services.AddSingleton(new ServiceLifetimes(services));
        services.AddSingleton<GrainCatalog>();
        services.AddSingleton<Silo>();
        services.AddSingleton<IGrainFactory>(static provider => provider.GetRequiredService<Silo>().Grains);
        services.TryAddSingleton<IReminderStore, InMemoryReminderStore>();
        services.AddSingleton<ReminderService>();
        services.AddSingleton<IReminderRegistry>(static provider => provider.GetRequiredService<ReminderService>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static provider => provider.GetRequiredService<Silo>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static provider => provider.GetRequiredService<ReminderService>());
        services.AddSingleton<SiloLifecycle>();
        services.AddSingleton<ISiloLifecycle>(static provider => provider.GetRequiredService<SiloLifecycle>());
        services.AddHostedService<SiloHostedService>();
    }

    private sealed record SiloBuilder(IServiceCollection Services, IConfiguration Configuration) : ISiloBuilder;
}
