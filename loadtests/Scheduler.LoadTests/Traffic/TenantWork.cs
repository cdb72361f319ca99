using NodaTime;
using Scheduler.LoadTests.Measuring;

namespace Scheduler.LoadTests.Traffic;

/// <summary>One tenant's portfolio in a run, what became of it, and how late its dispatches were offered.</summary>
internal sealed class TenantWork(string tenant, LoadPortfolio portfolio)
{
    private int _next;

    public string Tenant { get; } = tenant;

    public LoadPortfolio Portfolio { get; } = portfolio;

    public EntryForm Form { get; } = new(portfolio);

    public WorkBook Book { get; } = new();

    /// <summary>From the appointed instant to the answer of the pull that brought it.</summary>
    public OperationMeter Lateness { get; } = new($"release lateness {tenant}");

    /// <summary>Accepted, awaited in this run, and without a contact.</summary>
    public long Unfinished => IsAwaited ? Book.Open : 0;

    /// <summary>False where some debtors fall due long after the run.</summary>
    public bool IsAwaited { get; set; } = true;

    /// <summary>The first of so many numbers that nobody had.</summary>
    public int Take(int count) => Interlocked.Add(ref _next, count) - count;

    public int Taken => Volatile.Read(ref _next);
}

/// <summary>Where a debtor stands in time: at once, at an instant, or weeks ahead.</summary>
internal readonly record struct Appointment(Instant? Due, bool IsIdle)
{
    public static readonly Appointment AtOnce;

    public static readonly Appointment Idle = new(null, true);

    public static Appointment On(Instant due) => new(due, false);
}
