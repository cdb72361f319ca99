using System.Collections.Immutable;
using System.Security.Cryptography;
using Google.Protobuf.WellKnownTypes;
using Google.Type;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Strategies;
using Scheduler.Grains;
using Scheduler.Grains.Erasing;
using Scheduler.Grains.Pauses;
using Scheduler.Grains.Rules;
using Scheduler.Host.Clock;
using Scheduler.RulePacks;
using Scheduler.Storage;
using Scheduler.Storage.Evidence;
using Scheduler.Storage.Sealing;
using Scheduler.Storage.Sqlite;

namespace Scheduler.Services.Tests.WholeService;

/// <summary>The services over the real grains and SQLite, on a simulated clock: a Tuesday, ten in the morning in Bogota.</summary>
internal sealed class WholeHost : IAsyncDisposable
{
    public const string Tenant = "acme";

    public static readonly V1.GatewayIdentity Gateway = new() { GatewayId = "wa-1", InstanceId = "i-1" };

    private static readonly DateTimeOffset Start = new(2026, 3, 3, 15, 0, 0, TimeSpan.Zero);

    private readonly WebApplication _app;
    private readonly SqliteStore _store;
    private readonly string _folder;

    private WholeHost(WebApplication app, SqliteStore store, string folder)
    {
        (_app, _store, _folder) = (app, store, folder);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions());
    }

    public GrpcChannel Channel { get; }

    public V1.IngestService.IngestServiceClient Ingest => new(Channel);

    public V1.DebtorService.DebtorServiceClient Debtors => new(Channel);

    public V1.DispatchService.DispatchServiceClient Dispatches => new(Channel);

    public V1.OperationsService.OperationsServiceClient Operations => new(Channel);

    public V1.EvidenceService.EvidenceServiceClient Evidence => new(Channel);

    public V1.RepairService.RepairServiceClient Repairs => new(Channel);

    public ISchedulerStore Store => _store;

    public RootBook Roots => _app.Services.GetRequiredService<RootBook>();

    /// <summary>Drops what the debtor's records of before an instant say, as far as signed roots go.</summary>
    public async Task<DropResult> DropAsync(string debtor, NodaTime.Instant before)
    {
        var retention = new LogRetention(_store.Debtors, _store.Events, Roots, _app.Services.GetRequiredService<KeyRing>());
        var ends = await Roots.ReadSignedEndsAsync(TestContext.Current.CancellationToken);
        var cut = new LogRetention.Cut(before, ends.GetValueOrDefault(Tenant), new CountedFor(NodaTime.Duration.FromDays(35), static _ => false));
        return await retention.DropAsync(new Storage.DebtorKey(Tenant, debtor), cut, Now, TestContext.Current.CancellationToken);
    }

    /// <summary>The log, past every service.</summary>
    public IEventLog Log => _store.Events;

    public NodaTime.Instant Now => NodaTime.Instant.FromDateTimeOffset(_app.Services.GetRequiredService<TimeProvider>().GetUtcNow());

    public static async Task<WholeHost> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("scheduler-services-").FullName;
        var clock = new SimulatedTimeProvider(Start);
        var store = SqliteStore.Open(new SqliteOptions { Path = Path.Combine(folder, "scheduler.db") }, clock);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton(new TransportClock(MachineClock.Time));
        builder.Services.AddSingleton<ISchedulerStore>(store);
        var pauses = new PauseBoard(store.Settings, clock);
        builder.Services.AddSingleton(pauses);
        builder.Services.AddSingleton<IRuleSource>(await OneStepRules.LoadAsync(store.Epochs, pauses));
        builder.Services.AddSingleton(new KeyRing([new MasterKey(1, new byte[MasterKey.Bytes])]));
        builder.Services.AddSingleton(new RootBook(store.Events, store.Settings, ECDsa.Create(ECCurve.NamedCurves.nistP256)));
        var month = new RetentionTerm(NodaTime.Duration.FromDays(30), "kept by the tests");
        builder.Services.AddSingleton(new ErasureTools(new RetentionTerms(month, ImmutableDictionary<string, RetentionTerm>.Empty)));
        builder.Services.AddSchedulerGrains();
        builder.Services.AddSchedulerServices(builder.Configuration);
        builder.UseOrleans(static silo => silo.Configure<SiloMessagingOptions>(static o => o.ResponseTimeout = TimeSpan.FromDays(3650)));
        var app = builder.Build();
        app.MapSchedulerServices();
        await app.StartAsync();
        return new WholeHost(app, store, folder);
    }

    /// <summary>A pragma of the connection that writes: the engine itself refuses from then on.</summary>
    public Task RunOnWriterAsync(string pragma) => _store.Writer.OnSessionAsync(session => session.Scalar(pragma));

    /// <summary>Keeps everybody waiting for the database until the gate opens: what blocks is the writer's own thread, as a slow disk would block it.</summary>
    public Task HoldWriterAsync(SemaphoreSlim gate) => _store.Writer.OnSessionAsync(_ =>
    {
        gate.Wait();
        return 0;
    });

    /// <summary>Moves the clock of decisions.</summary>
    public void Advance(NodaTime.Duration time)
    {
        var clock = (SimulatedTimeProvider)_app.Services.GetRequiredService<TimeProvider>();
        clock.AdvanceTo(clock.GetUtcNow() + time.ToTimeSpan());
    }

    /// <summary>Lets every shard look at the store, then waits until it has come to hold: what shards say is one-way.</summary>
    public async Task SweepUntilAsync(Func<Task<bool>> holds)
    {
        await _app.Services.GetRequiredService<IGrainFactory>().RouseShardsAsync(sweep: true);
        for (var look = 0; look < 20_000; look++)
        {
            if (await holds()) return;
            await Task.Yield();
        }

        Assert.Fail("It did not come to hold.");
    }

    /// <summary>Opens a record with the debtor's key, if the row still holds it.</summary>
    public async Task<Protocol.Events.EventBatch> OpenAsync(string debtor, V1.EventRecord record)
    {
        var ring = _app.Services.GetRequiredService<KeyRing>();
        var key = new Storage.DebtorKey(Tenant, debtor);
        var row = (await _store.Debtors.ReadAsync(key))!;
        var (_, seal) = Storage.Codec.StateCodec.Decode(key, row.State.Span, ring);
        return Protocol.Events.EventCodec.Decode(record.Batch.Span, box => seal.OpenEvents(box));
    }

    /// <summary>The debtor's data key as its row holds it.</summary>
    public async Task<byte[]> WrappedKeyAsync(string debtor)
    {
        var key = new Storage.DebtorKey(Tenant, debtor);
        var row = (await _store.Debtors.ReadAsync(key))!;
        return Storage.Codec.StateCodec.Decode(key, row.State.Span, _app.Services.GetRequiredService<KeyRing>()).Seal.Wrapped.ToArray();
    }

    /// <summary>The bytes of the database and of what stands beside it, one file after the other.</summary>
    public async Task<byte[]> FilesAsync()
    {
        var all = new MemoryStream();
        foreach (var path in Directory.EnumerateFiles(_folder).Where(static path => !path.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await file.CopyToAsync(all, TestContext.Current.CancellationToken);
        }

        return all.ToArray();
    }

    /// <summary>Minutes from the present of these tests.</summary>
    public static Timestamp At(int minutes) => Timestamp.FromDateTimeOffset(Start.AddMinutes(minutes));

    /// <summary>A debtor in Bogota who agreed to WhatsApp and whose account is one day past due: a message may be sent now.</summary>
    public static V1.DebtorEntry Reachable(string debtor) => new()
    {
        DebtorId = debtor,
        SourceVersion = 1,
        Profile = new V1.DebtorProfile
        {
            Locations = { new V1.LocationEvidence { CountryCode = "CO", ZoneId = "America/Bogota", Source = V1.LocationSource.Residence } },
        },
        ContactPoints = new V1.ContactPointList
        {
            Points =
            {
                new V1.ContactPoint
                {
                    PointId = "mobile", Kind = V1.PointKind.Mobile, Address = "+573001234567", Place = V1.PointPlace.Personal, Status = V1.PointStatus.Confirmed,
                },
            },
        },
        Accounts =
        {
            new V1.Account
            {
                AccountId = "account-of-" + debtor,
                CreditorId = "bank",
                CollectorKind = V1.CollectorKind.Creditor,
                PartyRole = V1.PartyRole.Principal,
                Balance = new Money { CurrencyCode = "COP", Units = 250_000 },
                OldestDueDate = new Date { Year = 2026, Month = 3, Day = 2 },
                Variables = { ["first_name"] = "Ana" },
            },
        },
        Consents = { Consent("consent-" + debtor, V1.ConsentKind.Granted, At(-100_000)) },
    };

    public static V1.ConsentFact Consent(string id, V1.ConsentKind kind, Timestamp at) => new()
    {
        ConsentId = id,
        Kind = kind,
        Channels = { V1.ContactChannel.Whatsapp },
        Purposes = { V1.ContactPurpose.Collection },
        GivenTime = at,
        Instrument = V1.ConsentInstrument.Separate,
    };

    public static V1.PullDispatchesRequest Pull(string id) => new()
    {
        Gateway = Gateway,
        Channels = { V1.ContactChannel.Whatsapp },
        MaxDispatches = 10,
        PullId = id,
        LeaseDuration = new Duration { Seconds = 120 },
        Wait = new Duration { Seconds = 20 },
    };

    public static V1.LeaseRef LeaseOf(V1.Dispatch dispatch) => new()
    {
        TenantId = dispatch.TenantId,
        DebtorId = dispatch.DebtorId,
        DispatchId = dispatch.DispatchId,
        LeaseToken = dispatch.LeaseToken,
    };

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Long polls end by arrival; the machine's clock only bounds them.</summary>
internal static class MachineClock
{
#pragma warning disable RS0030 // The outermost layer of these tests; nothing decided depends on it.
    public static TimeProvider Time => TimeProvider.System;
#pragma warning restore RS0030
}

/// <summary>The shipped packs, and one strategy of one step.</summary>
internal sealed class OneStepRules(IEpochStore epochs, RulesInForce current, PauseBoard pauses) : IRuleSource
{
    public RulesInForce Current { get; private set; } = current;

    public RulesInForce For(string tenant, NodaTime.Instant now) => pauses.Over(Current);

    public static async Task<OneStepRules> LoadAsync(IEpochStore epochs, PauseBoard pauses)
    {
        var step = new Step { Id = "whatsapp", Day = 1, Channel = ContactChannel.Whatsapp, Template = "reminder", LapseAfterDays = 3, Notices = ["OPT_OUT"] };
        var strategies = new StrategySet([new Strategy { Id = "one-message", Version = 1, DefaultFor = ["*"], Steps = [step] }]);
        var atStart = await epochs.ReadEpochsAsync();
        return new OneStepRules(epochs, new RulesInForce(new DecisionContext(PackLibrary.LoadShipped().Compile(atStart.Policy), strategies, LeaseTerms.Default), atStart), pauses);
    }

    public async Task RefreshAsync(CancellationToken cancellationToken) =>
        Current = Current with { Epochs = await epochs.ReadEpochsAsync(cancellationToken) };
}
