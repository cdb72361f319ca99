using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orleans.Configuration;
using Scheduler.Grains;
using Scheduler.Grains.Erasing;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Recovery;
using Scheduler.Grains.Rules;
using Scheduler.Host.Clock;
using Scheduler.Host.Configuration;
using Scheduler.Host.Evidence;
using Scheduler.Host.Maintenance;
using Scheduler.Host.Metrics;
using Scheduler.Host.Recovery;
using Scheduler.Host.Rules;
using Scheduler.Host.Storage;
using Scheduler.Services;
using Scheduler.Storage;
using Scheduler.Storage.Evidence;

namespace Scheduler.Host;

/// <summary>Composition root: reads the configuration, opens the store, loads the rules, starts silo and server, waits, stops in order.</summary>
internal static class SchedulerHost
{
    /// <summary>First argument of a process that only brings the database to this build's schema.</summary>
    private const string MigrateVerb = "migrate";
    private const string MarkName = "recovery.mark";

    /// <summary>Key under which the embedded gRPC runtime looks for the clock of deadlines; upstream's always run on the machine's.</summary>
    private const string CallClockKey = "Grpc.Deadlines";

    /// <summary>Calls and turns under way have this long to finish when the host stops.</summary>
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string[] args)
    {
        var isMigration = args is [MigrateVerb, ..];
        var configuration = ConfigurationSources.Read(isMigration ? args[1..] : args);
        ConfigurationNames.Demand(configuration);
        var options = ConfigurationCheck.Resolve(configuration.Get<SchedulerOptions>() ?? new SchedulerOptions());
        ConfigurationCheck.DemandStorage(options.Storage);
        if (isMigration) return await OpenStore.MigrateAsync(options, Clocks.Machine);
        ConfigurationCheck.Demand(options, configuration.GetSection("Access:Credentials").GetChildren().Any());
        var clock = Clocks.Of(options.Clock);
        await using var opened = await OpenStore.OpenAsync(options, clock);
        if (opened is null) return ExitCodes.Storage;
        var store = opened.Store;
        using var keys = await EvidenceKeys.OpenAsync(options, store.Settings, clock);
        var guard = new ClockGuard(clock);
        using var rules = await RuleLoading.LoadAsync(options.Rules, store, clock, guard);
        using var recoveries = new RecoveryBook(store.Settings, store.Epochs, store.Events, rules.Rules, clock);
        var markFile = new RecoveryMarkFile(options.Recovery.MarkFile.Length > 0 ? options.Recovery.MarkFile : Path.Combine(EvidenceKeys.FolderOf(options), MarkName));
        var database = await NameOfAsync(store, recoveries, markFile, clock);

        var app = Build(configuration, options, clock, opened, rules, keys, services =>
        {
            services.AddSingleton(guard);
            services.AddSingleton(recoveries);
            services.AddSingleton(markFile);
            services.AddSingleton(new DatabaseName(database));
        });
        await using (app)
        {
            keys.Warn(app.Logger);
            Map(app, options);
            await app.StartAsync();
            TellPorts(app, options);
            await Console.Out.WriteLineAsync("listening on " + Addresses(app).First());
            await app.WaitForShutdownAsync();
        }

        return ExitCodes.Clean;
    }

    private static async Task<string> NameOfAsync(ISchedulerStore store, RecoveryBook recoveries, RecoveryMarkFile file, TimeProvider clock)
    {
        try
        {
            return (await RestoreCheck.RunAsync(store, recoveries, file, clock)).Database;
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"Recovery:MarkFile: {file.Path} cannot be read: {failure.Message}");
        }
    }

    private static WebApplication Build(
        IConfigurationRoot configuration, SchedulerOptions options, TimeProvider clock, OpenStore opened, LoadedRules rules, EvidenceKeys keys, Action<IServiceCollection> addRecovery)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration);
        builder.Services.Configure<HostOptions>(static o => o.ShutdownTimeout = ShutdownTime);
        Logging.Configure(builder.Logging, configuration);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));

        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(new TransportClock(Clocks.Machine));
        // Callers' deadlines run in real time, also where decisions do not.
        builder.Services.AddKeyedSingleton(CallClockKey, Clocks.Machine);
        // Instances of ours: the container does not dispose them, so that the store closes after everything that writes.
        opened.AddTo(builder.Services);
        builder.Services.AddSingleton<IRuleSource>(rules.Rules);
        builder.Services.AddSingleton(keys.Ring);
        builder.Services.AddSingleton(new ErasureTools(RetentionSettings.Read(options.Evidence)));
        builder.Services.AddSingleton(rules.Rules);
        builder.Services.AddSingleton(rules.Policy);
        builder.Services.AddSingleton(rules.Pauses);
        builder.Services.AddSingleton(new ReplanTerms(options.Rules.ReplanPerSecond));
        var store = opened.Store;
        var roots = new RootBook(store.Events, store.Settings, keys.Signing, keys.Former);
        builder.Services.AddSingleton(roots);
        builder.Services.AddSingleton(new RootsFile(keys.RootsPath));
        builder.Services.AddHostedService<DailyRootSigner>();
        if (options.Evidence.EventRetention is { } days)
        {
            var retention = new LogRetention(store.Debtors, store.Events, roots, keys.Ring);
            builder.Services.AddSingleton(new RetentionSweep(store.Events, store.Settings, retention, roots));
            builder.Services.AddSingleton(new EventDroppingTerms(NodaTime.Duration.FromDays(days)));
            builder.Services.AddHostedService<EventDropping>();
        }

        addRecovery(builder.Services);
        builder.Services.AddSchedulerGrains();
        builder.Services.AddSchedulerServices(configuration);
        builder.Services.AddHostedService<PullCleaner>();
        builder.Services.AddHostedService<MarkKeeper>();
        builder.Services.AddHostedService<LeasingWatch>();
        builder.Services.AddTelemetry(options);
        AddClockParts(builder.Services, clock);
        builder.UseOrleans(silo =>
        {
            // A simulated hour passes between two instructions; no call is late because of it.
            if (clock is SimulatedTimeProvider) silo.Configure<SiloMessagingOptions>(static o => o.ResponseTimeout = TimeSpan.FromDays(3650));
            silo.AddStartupTask(static (services, _) => services.GetRequiredService<IGrainFactory>().RouseShardsAsync());
        });
        // After the silo in this order, so before it when the host stops.
        builder.Services.AddHostedService<AbandonedPullsOnStop>();
        builder.Services.AddHostedService<PolicyUpkeep>();
        return builder.Build();
    }

    /// <summary>A simulated clock is moved by calls; a real one is held against the database's.</summary>
    private static void AddClockParts(IServiceCollection services, TimeProvider clock)
    {
        if (clock is SimulatedTimeProvider simulated) services.AddSingleton(simulated).AddSingleton<SimulationService>();
        else services.AddHostedService<ClockWatch>();
    }

    private static void Listen(KestrelServerOptions kestrel, SchedulerOptions options)
    {
        var address = ConfigurationCheck.AddressOf(options.Listen);
        kestrel.Listen(address, options.Listen.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (options.Listen.CertificatePath.Length > 0) listen.UseHttps(Certificate(options.Listen));
        });
        if (options.Health.Port is { } port) kestrel.Listen(address, port, static listen => listen.Protocols = HttpProtocols.Http1);
        // The last of all: its address is told by that.
        if (options.Metrics.Port is { } metrics) kestrel.Listen(address, metrics, MetricsEndpoint.Listen);
    }

    private static X509Certificate2 Certificate(ListenSettings listen)
    {
        try
        {
            return Path.GetExtension(listen.CertificatePath) is ".pem" or ".crt"
                ? X509Certificate2.CreateFromPemFile(listen.CertificatePath, listen.KeyPath.Length > 0 ? listen.KeyPath : null)
                : X509CertificateLoader.LoadPkcs12FromFile(listen.CertificatePath, listen.CertificatePassword);
        }
        catch (System.Security.Cryptography.CryptographicException failure)
        {
            throw new ConfigurationException("Listen:CertificatePath: " + failure.Message);
        }
    }

    private static void Map(WebApplication app, SchedulerOptions options)
    {
        var drain = app.Services.GetRequiredService<DrainSwitch>();
        // First of all when the host stops: health says so, ingest refuses, long polls end; then the server waits for the calls under way.
        app.Lifetime.ApplicationStopping.Register(() => _ = drain.BeginAsync());
        app.MapSchedulerServices();
        if (options.Clock.Mode == ClockMode.Simulated) app.MapGrpcService<SimulationService>();
        if (options.Metrics.Port is not null) app.MapMetrics();
        if (options.Health.Port is null) return;
        app.MapGet("/healthz/live", static () => Results.Text("live"));
        app.MapGet("/healthz/ready", () => drain.IsDraining ? Results.Text("draining", statusCode: StatusCodes.Status503ServiceUnavailable) : Results.Text("ready"));
    }

    /// <summary>Ports that the system chose are told here alone. Addresses stand in the order in which they were asked for.</summary>
    private static void TellPorts(WebApplication app, SchedulerOptions options)
    {
        var addresses = Addresses(app).ToList();
        if (options.Metrics.Port is null) return;
        app.Logger.LogInformation(
            "Metrics are at {Metrics}/metrics, health at {Health}", addresses[^1], options.Health.Port is null ? "the service's port" : addresses[^2]);
    }

    private static IEnumerable<string> Addresses(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
}
