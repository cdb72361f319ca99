using System.Collections.Immutable;
using System.Security.Cryptography;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Scheduler.Domain.Attempts;
using Scheduler.Grains.Ingest;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Pacing;
using Scheduler.Grains.Pauses;
using Scheduler.Grains.Pulls;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Writing;
using Scheduler.RulePacks.Editions;
using Scheduler.RulePacks.Strategies;
using Scheduler.Storage;
using Scheduler.Storage.Evidence;
using Scheduler.Storage.Sealing;

namespace Scheduler.Services.Tests.Kit;

/// <summary>The services on a real Kestrel on loopback, over scripted grains, with a channel to them.</summary>
internal sealed class ServiceHost : IAsyncDisposable
{
    /// <summary>Read once for all tests: an edition never changes.</summary>
    private static readonly ImmutableArray<PackEdition> Shipped = PackEdition.Shipped();

    private readonly WebApplication _app;

    private ServiceHost(WebApplication app, Uri address)
    {
        _app = app;
        Channel = GrpcChannel.ForAddress(address.ToString(), new GrpcChannelOptions { MaxSendMessageSize = null });
    }

    public ScriptedGrains Grains => _app.Services.GetRequiredService<ScriptedGrains>();

    public ScriptedRoom Room => _app.Services.GetRequiredService<ScriptedRoom>();

    public TestClock Clock => (TestClock)_app.Services.GetRequiredService<TimeProvider>();

    public DrainSwitch Drain => _app.Services.GetRequiredService<DrainSwitch>();

    public CapturedLog Log => _app.Services.GetRequiredService<CapturedLog>();

    public GrpcChannel Channel { get; }

    public V1.IngestService.IngestServiceClient Ingest => new(Channel);

    public V1.DebtorService.DebtorServiceClient Debtors => new(Channel);

    public V1.DispatchService.DispatchServiceClient Dispatches => new(Channel);

    public V1.OperationsService.OperationsServiceClient Operations => new(Channel);

    public V1.PolicyService.PolicyServiceClient Policy => new(Channel);

    public V1.EvidenceService.EvidenceServiceClient Evidence => new(Channel);

    public V1.RepairService.RepairServiceClient Repairs => new(Channel);

    /// <summary>With the shipped packs in force, as at the start of a host.</summary>
    public static async Task<ServiceHost> StartWithPolicyAsync(params (string Key, string Value)[] configuration)
    {
        var host = await StartAsync(configuration);
        await host._app.Services.GetRequiredService<PolicyBook>().StartAsync(new Dictionary<string, string>());
        return host;
    }

    /// <param name="configuration">Configuration: credentials.</param>
    public static async Task<ServiceHost> StartAsync(params (string Key, string Value)[] configuration)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(configuration.Select(static s => new KeyValuePair<string, string?>(s.Key, s.Value)));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<CapturedLog>();
        builder.Services.AddSingleton<ILoggerProvider>(static p => p.GetRequiredService<CapturedLog>());
        builder.WebHost.ConfigureKestrel(static kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        var clock = new TestClock();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton(new TransportClock(clock));
        builder.Services.AddSingleton<ScriptedGrains>();
        builder.Services.AddSingleton<ScriptedRoom>();
        builder.Services.AddSingleton<IGrainFactory>(static p => p.GetRequiredService<ScriptedGrains>());
        builder.Services.AddSingleton<IDebtorIntake>(static p => p.GetRequiredService<ScriptedRoom>());
        builder.Services.AddSingleton<IDispatchPull>(static p => p.GetRequiredService<ScriptedRoom>());
        builder.Services.AddSingleton<ISchedulerStatistics>(static p => p.GetRequiredService<ScriptedRoom>());
        builder.Services.AddSingleton<IDebtorStore>(static p => p.GetRequiredService<ScriptedRoom>());
        builder.Services.AddSingleton<IEventLog>(static p => p.GetRequiredService<ScriptedRoom>());
        builder.Services.AddSingleton<IAddressFactStore>(static p => p.GetRequiredService<ScriptedRoom>());
        builder.Services.AddSingleton(ScriptedRoom.Digests);
        builder.Services.AddSingleton(new KeyRing([new MasterKey(1, new byte[MasterKey.Bytes])]));
        builder.Services.AddSingleton<AddressBook>();
        builder.Services.AddSingleton<DrainSwitch>();
        builder.Services.AddSingleton(static p => new RootBook(p.GetRequiredService<IEventLog>(), new MemorySettings(), ECDsa.Create(ECCurve.NamedCurves.nistP256)));
        builder.Services.AddSingleton(LeaseTerms.Default);
        var settings = new MemorySettings();
        var archive = new PackArchive(settings, new PackShelf(Shipped));
        var pauses = new PauseBoard(settings, clock);
        var rules = new RuleBook(archive, settings, settings, StrategyLibrary.LoadShipped(), LeaseTerms.Default, pauses);
        var policy = new PolicyBook(archive, settings, settings, rules, clock);
        builder.Services.AddSingleton<IRuleSource>(rules);
        builder.Services.AddSingleton(policy);
        builder.Services.AddSingleton(new PacingBook(settings, clock));
        builder.Services.AddSingleton(new PauseBook(pauses, settings, settings, rules, clock));
        builder.Services.AddSingleton(p => new Scheduler.Grains.Recovery.RecoveryBook(settings, settings, p.GetRequiredService<IEventLog>(), rules, clock));
        builder.Services.AddSingleton(new PolicyHistory(settings));
        builder.Services.AddSingleton<ISchedulerStore>(static p => new ScriptedStore(p.GetRequiredService<ScriptedRoom>()));
        builder.Services.AddSingleton(p => new PolicyDryRun(
            p.GetRequiredService<ISchedulerStore>(), rules, new PolicyHistory(settings), clock, new Scheduler.Storage.Sealing.KeyRing([new(1, new byte[32])])));
        builder.Services.AddSchedulerServices(builder.Configuration);
        var app = builder.Build();
        app.MapSchedulerServices();
        await app.StartAsync();
        return new ServiceHost(app, new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()));
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>What was logged as a warning or worse.</summary>
internal sealed class CapturedLog : ILoggerProvider, ILogger
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        lock (_lines) _lines.Add($"{eventId.Id} {formatter(state, exception)}");
    }

    public void Dispose()
    {
    }
}

/// <summary>Reads refusals as clients do.</summary>
internal static class Told
{
    public static Metadata As(string token) => new() { { "authorization", $"Bearer {token}" } };

    public static Metadata Developer => As("development");

    public static async Task<(StatusCode Code, ErrorInfo Cause, Google.Rpc.Status Status)> RefusedAsync(Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(call);
        var status = Google.Rpc.Status.Parser.ParseFrom(
            refused.Trailers.GetValueBytes("grpc-status-details-bin") ?? throw new InvalidOperationException($"no details: {refused.Status}"));
        Assert.Equal((int)refused.StatusCode, status.Code);
        return (refused.StatusCode, Cause(status), status);
    }

    /// <summary>The one ErrorInfo.</summary>
    public static ErrorInfo Cause(Google.Rpc.Status status)
    {
        var cause = Assert.Single(All<ErrorInfo>(status));
        Assert.Equal("scheduler", cause.Domain);
        return cause;
    }

    public static IEnumerable<T> All<T>(Google.Rpc.Status status)
        where T : IMessage<T>, new() => status.Details.Where(static any => any.Is(new T().Descriptor)).Select(static any => any.Unpack<T>());

    public static IEnumerable<string> Fields(Google.Rpc.Status status) =>
        All<BadRequest>(status).SelectMany(static bad => bad.FieldViolations).Select(static v => v.Field);
}
