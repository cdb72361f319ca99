using System.Collections.Immutable;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Pauses;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Ready;

namespace Scheduler.Benchmarks.Ready;

/// <summary>
/// What a ready queue takes for offers and pulls while it is as full as it may be, of many tenants in four lanes each: time and bytes. The queue by
/// itself, without its grain's mailbox.
/// </summary>
public class ReadyQueueBenchmarks : IDisposable
{
    private const int PullSize = 100;
    private const int Bands = 4;

    /// <summary>A twentieth of the tenants is paused, each by a pause of its own, and as many have no room.</summary>
    private const int OneIn = 20;

    private static readonly Instant Start = Instant.FromUtc(2026, 11, 18, 15, 0);
    private static readonly long Now = Start.ToUnixTimeMilliseconds();

    private readonly ContactCounters _counters = new();
    private readonly Random _random = new(17);
    private ReadyCandidates _queue = null!;
    private Candidate[] _queued = [];
    private TakeTerms _terms = TakeTerms.All;

    [Params(10, 1_000)]
    public int Tenants { get; set; }

    /// <summary>Some tenants are paused, and pacing has no room for some.</summary>
    [Params(false, true)]
    public bool Stops { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _queue = new ReadyCandidates(_counters);
        _queued = [.. Enumerable.Range(0, ReadyCandidates.Capacity).Select(Candidate)];
        foreach (var candidate in _queued) _queue.Add(candidate, Now);
        _terms = TakeTerms.All;
        if (!Stops) return;
        string[] stopped = [.. Enumerable.Range(0, Math.Max(2, Tenants / OneIn * 2)).Select(TenantOf)];
        var pauses = new PauseSet([.. stopped.Where(static (_, index) => index % 2 == 0).Select(static tenant => new Pause(tenant, new PauseScope { Tenant = tenant }, Start, null, Revokes: false))]);
        _terms = TakeTerms.All with
        {
            FullTenants = [.. stopped.Where(static (_, index) => index % 2 == 1)],
            IsPaused = tenant => pauses.OfLane(tenant, ContactChannel.Sms, Start) is not null,
        };
    }

    /// <summary>A debtor that is queued is offered again at a newer version, closing at another instant.</summary>
    [Benchmark]
    public void OfferAgain()
    {
        var number = _random.Next(_queued.Length);
        var former = _queued[number];
        _queue.Add(_queued[number] = former with { Version = former.Version + 1, ClosesAt = ClosesAt() }, Now);
    }

    /// <summary>As the grain answers a pull of a hundred; what was taken is offered again, so that the queue stays full.</summary>
    [Benchmark]
    public int PullHundredAndRefill()
    {
        var taken = _queue.Take(_terms, PullSize, Now);
        if (taken.Length != PullSize) throw new InvalidOperationException("The queue ran dry.");
        var told = (_queue.IsAnyPaused(_terms) ? 1 : 0) + _queue.CountPaused(_terms) + _queue.CountPassed(_terms);
        foreach (var candidate in taken) _queue.Add(candidate, Now);
        return told;
    }

    internal static int Run(BenchmarkScale scale)
    {
        Console.WriteLine("| work | tenants | some stopped | quietest · median ns | bytes |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var report in Rounds.Run<ReadyQueueBenchmarks>(scale))
        {
            var (tenants, stops) = (Rounds.ParameterOf<int>(report, nameof(Tenants)), Rounds.ParameterOf<bool>(report, nameof(Stops)));
            Console.WriteLine($"| {Rounds.MethodOf(report)} | {tenants:N0} | {(stops ? "yes" : "no")} | {Rounds.Figures(report)} |");
        }

        return 0;
    }

    public void Dispose()
    {
        _counters.Dispose();
        GC.SuppressFinalize(this);
    }

    private static string TenantOf(int tenant) => string.Create(CultureInfo.InvariantCulture, $"tenant-{tenant:D4}");

    private long ClosesAt() => Now + _random.Next(60_000, 36_000_000);

    private Candidate Candidate(int number)
    {
        var (tenant, band) = (number % Tenants, number / Tenants % Bands);
        var debtor = string.Create(CultureInfo.InvariantCulture, $"{TenantOf(tenant)}/debtor-{number:D6}");
        return new Candidate(debtor, 1, (tenant * Bands) + band, ContactChannel.Sms, band, ClosesAt(), "mobile");
    }
}
