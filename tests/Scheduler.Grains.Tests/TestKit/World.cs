using System.Collections.Immutable;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodaTime;
using Orleans.Configuration;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Strategies;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Erasing;
using Scheduler.Grains.Ingest;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Pauses;
using Scheduler.Grains.Pulls;
using Scheduler.Grains.Rules;
using Scheduler.Host.Clock;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Editions;
using Scheduler.Storage;
using Scheduler.Storage.Sealing;
using Scheduler.Storage.Sqlite;

namespace Scheduler.Grains.Tests.TestKit;

/// <summary>Grains on the embedded runtime over SQLite in a temporary folder, on a simulated clock: a Tuesday, ten in the morning in Bogota.</summary>
internal sealed class World : IAsyncDisposable
{
    public const string Tenant = "acme";

    /// <summary>Where Linux keeps files in memory.</summary>
    private const string MemoryFiles = "/dev/shm";

    public static readonly DateTimeOffset TuesdayTen = new(2026, 3, 3, 15, 0, 0, TimeSpan.Zero);

    private readonly string _folder;
    private readonly IHost _host;
    private readonly SqliteStore _sqlite;
    private readonly WorldTerms _terms;
    private int _pulls;

    private World(string folder, IHost host, SqliteStore sqlite, FaultyStore store, SimulatedTimeProvider time, WorldTerms terms)
    {
        _terms = terms;
        _folder = folder;
        _host = host;
        _sqlite = sqlite;
        Store = store;
        Time = time;
    }

    public FaultyStore Store { get; }

    public SimulatedTimeProvider Time { get; }

    public IGrainFactory Grains => Get<IGrainFactory>();

    public IDebtorIntake Intake => Get<IDebtorIntake>();

    public IDispatchPull Pulls => Get<IDispatchPull>();

    public ContactCounters Counters => Get<ContactCounters>();

    /// <summary>What waits on the clock of long polls.</summary>
    public WaitedClock Waits => Get<WaitedClock>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="terms">Null: the usual ones.</param>
    /// <param name="packs">Null: those that ship.</param>
    /// <param name="retention">Null: three years.</param>
    public static Task<World> StartAsync(LeaseTerms? terms = null, PackLibrary? packs = null, Duration? retention = null) =>
        StartAsync(new WorldTerms { Lease = terms, Packs = packs, Retention = retention });

    public static Task<World> StartAsync(WorldTerms terms) =>
        StartAsync(NewFolder(terms), new SimulatedTimeProvider(TuesdayTen), terms);

    /// <summary>With the packs that the database says are in force, and the ways to change them.</summary>
    public static Task<World> StartWithPolicyAsync() => StartAsync(new WorldTerms { Modes = new Dictionary<string, string>() });

    /// <summary>The process dies and another starts over the same database.</summary>
    /// <param name="modes">What its configuration asks for; null: as before.</param>
    public async Task<World> RestartAsync(IReadOnlyDictionary<string, string>? modes = null)
    {
        await StopAsync();
        return await StartAsync(_folder, Time, _terms with { Lease = null, Retention = null, Modes = modes ?? _terms.Modes });
    }

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    public IDebtorGrain Debtor(string debtor) => Grains.GetGrain<IDebtorGrain>($"{Tenant}/{debtor}");

    public async Task<EntryAnswer> EnterAsync(V1.DebtorEntry entry)
    {
        var violations = new FieldViolations();
        var command = EntryMap.Read(Tenant, entry, violations, Time.Now());
        Assert.Empty(violations.Listed);
        var answers = await Intake.EnqueueAsync([new IntakeEntry(command, entry)], "tests", Cancel);
        return Assert.Single(answers!);
    }

    public PullOrder Order(string gateway = "wa-1", string? pullId = null, int count = 100) => new(
        gateway, "i-1", pullId ?? $"pull-{Interlocked.Increment(ref _pulls)}", [], [ContactChannel.Whatsapp], count,
        TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(5), ConfirmBeforePlacing: false, DateTimeOffset.MaxValue);

    public async Task<ImmutableArray<V1.Dispatch>> PullAsync(PullOrder order)
    {
        var batch = await Pulls.PullAsync(order, Task.FromResult, Cancel);
        return batch.Dispatches.Select(static d => V1.Dispatch.Parser.ParseFrom(d.Span)).ToImmutableArray();
    }

    public async Task<FactAnswer> ReportAsync(V1.Outcome outcome, string gateway = "wa-1") =>
        await Debtor(outcome.Lease.DebtorId).ReportOutcome(new FactReport(outcome.ToByteArray(), gateway, "tests"));

    public async Task<V1.Debtor> StateAsync(string debtor) => V1.Debtor.Parser.ParseFrom((await Debtor(debtor).GetState()).Body.Span);

    /// <summary>Moves the clock and lets every shard look.</summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        Time.AdvanceTo(Time.GetUtcNow() + time);
        await Grains.RouseShardsAsync(sweep: true);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string NewFolder(WorldTerms terms) => terms.IsOffDisk && Directory.Exists(MemoryFiles)
        ? Directory.CreateDirectory(Path.Combine(MemoryFiles, Path.GetRandomFileName())).FullName
        : Directory.CreateTempSubdirectory("scheduler-grains-").FullName;

    private static async Task<World> StartAsync(string folder, SimulatedTimeProvider time, WorldTerms terms)
    {
        var sqlite = SqliteStore.Open(new SqliteOptions { Path = Path.Combine(folder, "scheduler.db") }, time);
        var store = new FaultyStore(sqlite);
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<TimeProvider>(time);
        var waits = new WaitedClock(terms.IsTransportSimulated ? time : RealTime.Provider);
        builder.Services.AddSingleton(waits);
        builder.Services.AddSingleton(new TransportClock(waits));
        builder.Services.AddSingleton<ISchedulerStore>(store);
        builder.Services.AddSingleton(new KeyRing([new MasterKey(1, new byte[MasterKey.Bytes])]));
        var pauses = new PauseBoard(store.Settings, time);
        builder.Services.AddSingleton(pauses);
        if (terms.Modes is null) builder.Services.AddSingleton<IRuleSource>(await TestRules.LoadAsync(sqlite.Epochs, terms, pauses));
        else await AddPolicyAsync(builder.Services, store, time, terms.Modes, pauses);
        if (terms.Retention is { } kept) builder.Services.AddSingleton(new ErasureTools(new RetentionTerms(new RetentionTerm(kept, "tests"), ImmutableDictionary<string, RetentionTerm>.Empty)));
        builder.Services.AddSchedulerGrains();
        builder.UseOrleans(static silo => silo.Configure<SiloMessagingOptions>(static o => o.ResponseTimeout = TimeSpan.FromDays(3650)));
        var world = new World(folder, builder.Build(), sqlite, store, time, terms);
        await world._host.StartAsync(Cancel);
        return world;
    }

    private static async Task AddPolicyAsync(IServiceCollection services, FaultyStore store, TimeProvider time, IReadOnlyDictionary<string, string> modes, PauseBoard pauses)
    {
        var archive = new PackArchive(store.Settings, new PackShelf(PackEdition.Shipped()));
        var rules = new RuleBook(archive, store.Settings, store.Epochs, TestRules.Strategies, LeaseTerms.Default, pauses);
        var policy = new PolicyBook(archive, store.Settings, store.Epochs, rules, time);
        await policy.StartAsync(modes, Cancel);
        services.AddSingleton<IRuleSource>(rules);
        services.AddSingleton(rules);
        services.AddSingleton(policy);
        services.AddSingleton(new ReplanTerms(1_000_000));
    }

    private async Task StopAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        await _sqlite.DisposeAsync();
    }
}

/// <summary>How a world differs from the usual one; null: it does not.</summary>
internal sealed record WorldTerms
{
    public LeaseTerms? Lease { get; init; }

    public PackLibrary? Packs { get; init; }

    public Duration? Retention { get; init; }

    public StrategySet? Strategies { get; init; }

    /// <summary>With the packs that the database says are in force; what its configuration asks for.</summary>
    public IReadOnlyDictionary<string, string>? Modes { get; init; }

    /// <summary>Long polls wait on the simulated clock too, so that nothing at all depends on the machine's.</summary>
    public bool IsTransportSimulated { get; init; }

    /// <summary>The database lies in memory where there is such a place: for tests of many writes that no disk is a part of.</summary>
    public bool IsOffDisk { get; init; }
}

/// <summary>Long polls of the tests end by arrival; the machine's clock only bounds them.</summary>
internal static class RealTime
{
#pragma warning disable RS0030 // The outermost layer of these tests; nothing decided depends on it.
    public static TimeProvider Provider => TimeProvider.System;
#pragma warning restore RS0030
}

/// <summary>The shipped packs, and one strategy of one step.</summary>
internal sealed class TestRules(IEpochStore epochs, RulesInForce current, PauseBoard pauses) : IRuleSource
{
    private static readonly PackLibrary Packs = PackLibrary.LoadShipped();

    public static readonly StrategySet Strategies = new(
    [
        new Strategy
        {
            Id = "one-message",
            Version = 1,
            DefaultFor = ["*"],
            Steps = [new Step { Id = "whatsapp", Day = 1, Channel = ContactChannel.Whatsapp, Template = "reminder", LapseAfterDays = 3, Notices = ["OPT_OUT"] }],
        },
    ]);

    public RulesInForce Current { get; private set; } = current;

    public RulesInForce For(string tenant, NodaTime.Instant now) => pauses.Over(Current);

    public static PackLibrary Shipped => Packs;

    public static async Task<TestRules> LoadAsync(IEpochStore epochs, WorldTerms terms, PauseBoard pauses)
    {
        await pauses.RefreshAsync(CancellationToken.None);
        var atStart = await epochs.ReadEpochsAsync();
        var context = new DecisionContext((terms.Packs ?? Packs).Compile(atStart.Policy), terms.Strategies ?? Strategies, terms.Lease ?? LeaseTerms.Default);
        return new TestRules(epochs, new RulesInForce(context, atStart), pauses);
    }

    /// <summary>Writes may have been lost in that time, and are counted at their worst.</summary>
    public void Declare(RecoveryGap gap) => Current = Current with { Context = Current.Context with { Gaps = Current.Context.Gaps.Add(gap) } };

    public async Task RefreshAsync(CancellationToken cancellationToken) =>
        Current = Current with { Epochs = await epochs.ReadEpochsAsync(cancellationToken) };
}
