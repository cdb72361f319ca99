using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using Scheduler.Cli.Sessions;
using Scheduler.LoadTests.Measuring;
using Scheduler.LoadTests.Service;
using Scheduler.LoadTests.Traffic;
using Scheduler.V1;

namespace Scheduler.LoadTests;

/// <summary>Everything that a scenario works with: the service, the clock, the meters, and what it wants told beside the common figures.</summary>
internal sealed class LoadStage
{
    private readonly ConcurrentDictionary<string, TenantWork> _works = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TenantWork>.AlternateLookup<ReadOnlySpan<char>> _workOfRun;
    // Told by the scenario alone, read after it.
    private readonly SortedDictionary<string, double> _figures = new(StringComparer.Ordinal);
    private long _offered;
    private long _denied;
    private long _stale;
    private long _lastOutcomeAt;

    // Never twice in a run: a pull id that comes back is a replay.
    private long _pulls;

    public LoadStage(LoadOptions options, LoadHost host, ServiceSession session, LoadClock clock, ImmutableArray<ProcessMeter> processes)
    {
        Options = options;
        Host = host;
        Session = session;
        Clock = clock;
        Caller = new PatientCaller(clock.Real, options.Scenario == "crash-recovery");
        Sampler = new RunSampler(clock.Real, processes, () => Offered, () => Measured.Sum(static work => work.Book.Placed));
        Run = string.Create(CultureInfo.InvariantCulture, $"r{clock.Real.GetUtcNow().ToUnixTimeSeconds()}");
        _workOfRun = _works.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public LoadOptions Options { get; }

    public LoadHost Host { get; }

    public ServiceSession Session { get; }

    public LoadClock Clock { get; }

    /// <summary>Bytes of a database of our own; of a server that was named, nothing is known.</summary>
    public long StoredBytes => Host.StoredBytes + (DatabaseBytes?.Invoke() ?? 0);

    /// <summary>Of a database outside the service's folder.</summary>
    public Func<long>? DatabaseBytes { get; init; }

    public PatientCaller Caller { get; }

    public RunSampler Sampler { get; }

    public Meters Meters { get; } = new();

    /// <summary>Distinguishes this run's debtors from every other's.</summary>
    public string Run { get; }

    /// <summary>Portfolios that count; the warm-up's does not.</summary>
    public ImmutableArray<TenantWork> Measured { get; private set; } = [];

    public long Offered => Interlocked.Read(ref _offered);

    public long Denied => Interlocked.Read(ref _denied);

    public long Stale => Interlocked.Read(ref _stale);

    /// <summary>Timestamp of the first moment that counts; set by the scenario when it is not its beginning.</summary>
    public long MeasuredFrom { get; set; }

    public long LastOutcomeAt => Interlocked.Read(ref _lastOutcomeAt);

    public IReadOnlyDictionary<string, double> ScenarioFigures => _figures;

    public TenantWork Open(string tenant, string mark)
    {
        var work = new TenantWork(tenant, new LoadPortfolio(Clock.Now, Run + mark));
        _works[work.Portfolio.Run] = work;
        return work;
    }

    /// <summary>The same, and it counts.</summary>
    public TenantWork OpenMeasured(string tenant, string mark)
    {
        var work = Open(tenant, mark);
        Measured = Measured.Add(work);
        return work;
    }

    public TenantWork? WorkOf(string debtorId) =>
        debtorId.LastIndexOf('-') is > 0 and var dash && _workOfRun.TryGetValue(debtorId.AsSpan(0, dash), out var work) ? work : null;

    public void Tell(string figure, double value) => _figures[figure] = Math.Round(value, 3);

    public void AddOffered(int count) => Interlocked.Add(ref _offered, count);

    public void AddDenied(int count) => Interlocked.Add(ref _denied, count);

    public void AddStale() => Interlocked.Increment(ref _stale);

    public void NoteOutcome() => Interlocked.Exchange(ref _lastOutcomeAt, Clock.Real.GetTimestamp());

    public string NextPullId()
    {
        var number = Interlocked.Increment(ref _pulls);
        return string.Create(CultureInfo.InvariantCulture, $"{number & 0xFFFF_FFFF:x8}-0000-4000-a000-{number:x12}");
    }

    /// <summary>The service's counters when measuring began.</summary>
    public IReadOnlyDictionary<string, long> CountersBefore { get; private set; } = new Dictionary<string, long>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> CountersAfter { get; private set; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>What the warm-up did is forgotten; what comes counts.</summary>
    public async Task BeginMeasuringAsync()
    {
        CountersBefore = (await StatisticsAsync("load")).Counters;
        foreach (var meter in Meters.All) meter.Reset();
        Interlocked.Exchange(ref _offered, 0);
        MeasuredFrom = Clock.Real.GetTimestamp();
        Interlocked.Exchange(ref _lastOutcomeAt, MeasuredFrom);
        Sampler.Begin();
    }

    public async Task EndMeasuringAsync()
    {
        Sampler.Look();
        CountersAfter = (await StatisticsAsync("load")).Counters;
    }

    public Task<GetStatisticsResponse> StatisticsAsync(string tenant) =>
        Session.Operations.GetStatisticsAsync(new GetStatisticsRequest { TenantId = tenant }).ResponseAsync;

    /// <summary>Waits until every accepted debtor of the portfolios has its contact, or none has had one for so long.</summary>
    public async Task DrainedAsync(TimeSpan patience, params ImmutableArray<TenantWork> works)
    {
        var placed = -1L;
        var since = Clock.Real.GetTimestamp();
        while (works.Sum(static work => work.Book.Open) > 0)
        {
            var now = works.Sum(static work => work.Book.Placed);
            if (now != placed) since = Clock.Real.GetTimestamp();
            placed = now;
            if (Clock.Real.GetElapsedTime(since) > patience) return;
            await Task.Delay(TimeSpan.FromMilliseconds(50), Clock.Real, CancellationToken.None);
        }
    }

    /// <summary>Waits until it is so, or for as long as is sensible.</summary>
    public async Task UntilAsync(Func<bool> isSo, TimeSpan patience)
    {
        var since = Clock.Real.GetTimestamp();
        while (!isSo() && Clock.Real.GetElapsedTime(since) < patience) await Task.Delay(TimeSpan.FromMilliseconds(1), Clock.Real, CancellationToken.None);
    }

    public Task WaitUntilAsync(Instant instant, CancellationToken cancel) =>
        instant - Clock.Now is var rest && rest > Duration.Zero ? Task.Delay(rest.ToTimeSpan(), Clock.Real, cancel) : Task.CompletedTask;
}
