using System.Diagnostics;
using Scheduler.Storage;

namespace Scheduler.Benchmarks.Due;

/// <summary>Writes of debtors all over the index, each debtor once: with another due instant, and with the same for comparison.</summary>
internal sealed class DueMoves(IDebtorStore debtors, DueEntries entries, int callers)
{
    private const int OneAtATime = 200;
    private const long Day = 86_400_000;

    /// <summary>A prime: its multiples come to every debtor before one comes again.</summary>
    private const long Stride = 7_368_787;

    private int _next;

    public async Task RunAsync(int rows)
    {
        await TellAsync("moved to another instant", rows, static dueAt => dueAt + Day);
        await TellAsync("left where it is", rows, static dueAt => dueAt);
    }

    private async Task TellAsync(string name, int rows, Func<long, long> move)
    {
        var single = Math.Min(OneAtATime, rows);
        var started = Stopwatch.GetTimestamp();
        await WriteAsync(_next, single, move);
        var alone = Stopwatch.GetElapsedTime(started).TotalMilliseconds / single;
        var first = _next += single;
        var each = (rows + callers - 1) / callers;
        var measure = GroupCommitMeasure.Start();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => WriteAsync(first + (caller * each), Math.Clamp(rows - (caller * each), 0, each), move))));
        var result = measure.End(rows);
        _next += rows;
        Console.WriteLine($"| {name} | {rows:N0} | {result.RowsPerSecond:N0} | {alone:N2} | {result.ProcessorMicroseconds:N1} | {result.AllocatedBytes:N0} |");
    }

    private async Task WriteAsync(int first, int rows, Func<long, long> move)
    {
        for (var place = first; place < first + rows; place++)
        {
            var number = (int)(place * Stride % entries.Count);
            var answer = await debtors.WriteAsync(entries.WriteOf(number, move(entries.DueAtOf(number))));
            if (!answer.IsCommitted) throw new InvalidOperationException($"Debtor {number}: {answer}");
        }
    }
}
