using Scheduler.Grains.Tests.TestKit;

namespace Scheduler.Grains.Tests.Simulation;

/// <summary>
/// Pulls that wait on a clock which the test alone moves. Whoever awaits one without moving the clock waits for ever; so these are begun, left alone
/// until nothing but time moves them, and given time.
/// </summary>
/// <remarks>Threading: the test's own; the polls run where they like.</remarks>
internal sealed class LongPolls
{
    /// <summary>Shorter than a poll's slice at a queue, longer than what a queue waits for company.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly List<(string Pull, Task Call)> _calls = [];

    /// <summary>Has not ended: its pull, whose calls take turns, waits once.</summary>
    private int OpenCount => _calls.Where(static one => !one.Call.IsCompleted).Select(static one => one.Pull).Distinct(StringComparer.Ordinal).Count();

    /// <param name="pull">Calls of one pull take turns.</param>
    public Task<T> Begin<T>(string pull, Func<Task<T>> call)
    {
        var begun = call();
        _calls.Add((pull, begun));
        return begun;
    }

    /// <summary>
    /// Ends when nothing moves any more unless time does: each poll waits on the clock or has ended, and no turn runs anywhere else. What an offer has
    /// just woken may still be on its way between two threads; then it moves with the next step of time.
    /// </summary>
    public async Task StillAsync(World world)
    {
        while (true)
        {
            var (change, begun) = (world.Waits.Change, world.Waits.Begun);
            await world.QuietButForPollsAsync();
            _calls.RemoveAll(static one => one.Call.IsCompleted);
            if (OpenCount == world.Waits.Count && begun == world.Waits.Begun) return;
            await Task.WhenAny([change, .. _calls.Select(static one => one.Call)]).WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Time passes in small steps until every poll has ended.</summary>
    /// <returns>False: it was not enough.</returns>
    public async Task<bool> EndAsync(World world, TimeSpan within)
    {
        var until = world.Time.GetUtcNow() + within;
        await StillAsync(world);
        while (OpenCount > 0)
        {
            if (world.Time.GetUtcNow() >= until) return false;
            world.Time.AdvanceTo(world.Time.GetUtcNow() + Step);
            await StillAsync(world);
        }

        return true;
    }
}
