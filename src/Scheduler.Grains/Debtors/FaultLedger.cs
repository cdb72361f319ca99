using System.Collections.Concurrent;

namespace Scheduler.Grains.Debtors;

/// <summary>Faults in a row of debtors whose turns fail for a reason of their own. In memory: a restart counts anew.</summary>
/// <remarks>Threading: any. Limit: <see cref="Most"/> debtors; at more all are forgotten, which only makes them count again.</remarks>
public sealed class FaultLedger
{
    /// <summary>So many in a row, and the debtor is taken out of work.</summary>
    public const int Limit = 3;

    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, int> _faults = new(StringComparer.Ordinal);

    // Every turn asks, and the dictionary takes all its locks to say that it is empty.
    private volatile bool _hadFaults;

    /// <summary>One more; answers how many there are in a row.</summary>
    public int Add(string debtor)
    {
        _hadFaults = true;
        if (_faults.Count >= Most) _faults.Clear();
        return _faults.AddOrUpdate(debtor, 1, static (_, known) => known + 1);
    }

    /// <summary>A turn went through, or the debtor was taken out of work.</summary>
    public void Clear(string debtor)
    {
        if (_hadFaults) _faults.TryRemove(debtor, out _);
    }
}

/// <summary>What a debtor's grain does about its own faults.</summary>
public sealed record DebtorRepairs(FaultLedger Faults, UnreadableRows Rows);

/// <summary>A debtor's row cannot be read: nothing can be decided about it.</summary>
[GenerateSerializer]
public sealed class DebtorUnreadableException(string fault) : OrleansException($"The debtor's row cannot be read: {fault}.");
