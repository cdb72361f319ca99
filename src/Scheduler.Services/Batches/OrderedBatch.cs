namespace Scheduler.Services.Batches;

/// <summary>Runs the items of a batch side by side, those that share a key one after the other, and answers in the order of the items.</summary>
public static class OrderedBatch
{
    /// <summary>Items of one batch in flight: enough to fill a commit of the store, few enough that one batch does not fill its queue.</summary>
    public const int InFlightLimit = 512;

    /// <param name="keysOf">Keys of an item; none: it depends on nothing.</param>
    /// <param name="run">Must answer every failure that is the item's own; what it throws ends the batch.</param>
    public static async Task<TResult[]> RunAsync<TItem, TResult>(
        IReadOnlyList<TItem> items, Func<TItem, IReadOnlyList<string>> keysOf, Func<TItem, Task<TResult>> run)
    {
        using var gate = new SemaphoreSlim(InFlightLimit);
        var last = new Dictionary<string, Task>(StringComparer.Ordinal);
        var running = new Task<TResult>[items.Count];
        for (var i = 0; i < items.Count; i++)
        {
            var keys = keysOf(items[i]);
            var before = Before(last, keys);
            running[i] = RunAfterAsync(before, items[i], run, gate);
            foreach (var key in keys) last[key] = running[i];
        }

        return await Task.WhenAll(running);
    }

    private static List<Task>? Before(Dictionary<string, Task> last, IReadOnlyList<string> keys)
    {
        List<Task>? before = null;
        foreach (var key in keys)
        {
            if (last.TryGetValue(key, out var task)) (before ??= []).Add(task);
        }

        return before;
    }

    /// <summary>Waits outside the gate: an item that holds a place never waits for one that has none.</summary>
    private static async Task<TResult> RunAfterAsync<TItem, TResult>(
        List<Task>? before, TItem item, Func<TItem, Task<TResult>> run, SemaphoreSlim gate)
    {
        if (before is not null) await Task.WhenAll(before);
        await gate.WaitAsync();
        try
        {
            return await run(item);
        }
        finally
        {
            gate.Release();
        }
    }
}
