using System.Collections.Concurrent;

namespace Scheduler.Grains.Pulls;

/// <summary>One thing at a time for each pull: its first call, its replays, its being given back. So a repeat never races what it repeats.</summary>
/// <remarks>Threading: safe for many. What waits is as many calls as gateways make.</remarks>
internal sealed class PullTurns
{
    private readonly ConcurrentDictionary<(string Gateway, string Pull), Task> _running = new();

    /// <summary>Cancelling ends the waiting for the turn only.</summary>
    public async Task<T> RunAsync<T>((string Gateway, string Pull) pull, Func<Task<T>> turn, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (_running.GetOrAdd(pull, over.Task) is var running && running != over.Task) await running.WaitAsync(cancellationToken);
        try
        {
            return await turn();
        }
        finally
        {
            _running.TryRemove(pull, out _);
            over.SetResult();
        }
    }
}
