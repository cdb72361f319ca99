using System.Collections.Concurrent;

namespace Scheduler.Grains.Pulls;

/// <summary>
/// Pulls whose answer nobody took: a gateway that crashes must not use up a person's week. What is not asked for again in time is given back while
/// the leases still live; a host that stops gives back at once.
/// </summary>
/// <remarks>Threading: safe for many; marks are set and taken in the pull's own turn. Limits: a mark lives no longer than the replay time.</remarks>
internal sealed class AbandonedPulls(PullTurns turns, TimeProvider clock, Func<string, string, Task<int>> giveBack, CancellationToken draining)
{
    private readonly ConcurrentDictionary<(string Gateway, string Pull), object> _marks = new();
    private readonly ConcurrentDictionary<object, Task> _waiting = new();

    /// <summary>Called in the turn of the pull, which therefore cannot be given back before this returns.</summary>
    public void Add(PullOrder order)
    {
        var mark = new object();
        _marks[(order.GatewayId, order.PullId)] = mark;
        _waiting[mark] = GiveBackLaterAsync((order.GatewayId, order.PullId), mark, order.ReplayTime);
    }

    /// <summary>A replay was answered: its gateway has the leases after all.</summary>
    public void Taken(string gateway, string pull) => _marks.TryRemove((gateway, pull), out _);

    /// <summary>Ends when nothing waits to be given back any more.</summary>
    public Task SettledAsync() => Task.WhenAll(_waiting.Values);

    private async Task GiveBackLaterAsync((string Gateway, string Pull) pull, object mark, TimeSpan replayTime)
    {
        try
        {
            await Task.WhenAny(Task.Delay(replayTime, clock, draining));
            await turns.RunAsync(
                pull,
                async () => _marks.TryRemove(KeyValuePair.Create(pull, mark)) ? await giveBack(pull.Gateway, pull.Pull) : 0,
                CancellationToken.None);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            // The leases lapse by themselves; what was lost is only time.
        }
        finally
        {
            _waiting.TryRemove(mark, out _);
        }
    }
}
