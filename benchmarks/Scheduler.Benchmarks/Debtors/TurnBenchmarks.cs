using BenchmarkDotNet.Attributes;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;

namespace Scheduler.Benchmarks.Debtors;

/// <summary>What the decider takes for each turn of a debtor of the load tests: time and bytes. Nothing is stored, sealed or sent.</summary>
public class TurnBenchmarks
{
    private LoadedDebtor _debtor = null!;

    /// <summary>Contacts of history before the one that is made.</summary>
    [Params(0, 20)]
    public int History { get; set; }

    [GlobalSetup]
    public void Load() => _debtor = new LoadedDebtor(History);

    [Benchmark]
    public Decision<EntryReply> Enter() => DebtorDecider.ApplyEntry(null, _debtor.Entry, _debtor.Context, LoadedDebtor.EnteredAt);

    /// <summary>An hour too early: the answer is when to look again.</summary>
    [Benchmark]
    public Decision<WakeReply> WakeTooEarly() => DebtorDecider.Wake(Activated(_debtor.Entered), _debtor.Context, LoadedDebtor.EnteredAt);

    [Benchmark]
    public Decision<WakeReply> Wake() => DebtorDecider.Wake(Activated(_debtor.Entered), _debtor.Context, LoadedDebtor.DueAt);

    [Benchmark]
    public Decision<LeaseReply> Lease() => DebtorDecider.Lease(Activated(_debtor.Entered), _debtor.Lease, _debtor.Context, LoadedDebtor.DueAt);

    [Benchmark]
    public Decision<ConfirmReply> Confirm() => DebtorDecider.Confirm(Activated(_debtor.Leased), _debtor.Confirm, _debtor.Context, LoadedDebtor.DueAt);

    [Benchmark]
    public Decision<OutcomeReply> ReportOutcome() => DebtorDecider.ReportOutcome(Activated(_debtor.Confirmed), _debtor.Outcome, _debtor.Context, LoadedDebtor.ReportedAt);

    internal static int Run(BenchmarkScale scale)
    {
        Console.WriteLine("| turn | contacts before | quietest · median ns | bytes |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var report in Rounds.Run<TurnBenchmarks>(scale))
        {
            Console.WriteLine($"| {Rounds.MethodOf(report)} | {Rounds.ParameterOf<int>(report, nameof(History))} | {Rounds.Figures(report)} |");
        }

        return 0;
    }

    /// <summary>As it comes from its row: where the debtor may be is not known yet.</summary>
    private static DebtorState Activated(DebtorState state)
    {
        state.Place = default;
        return state;
    }
}
