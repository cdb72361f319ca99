using Scheduler.Storage;

namespace Scheduler.Grains.Tests.TestKit;

/// <summary>The real rows of shared counters, counted; a test may let writes fail, or happen and be unknown.</summary>
internal sealed class FaultySharedStore(ISharedCounterStore inner) : ISharedCounterStore
{
    private int _calls;

    /// <summary>Reads and writes so far.</summary>
    public int Calls => _calls;

    public Action<SharedWrite>? BeforeWrite { get; set; }

    public Action<SharedWrite>? AfterWrite { get; set; }

    public async ValueTask<WriteAnswer> WriteAsync(SharedWrite write, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _calls);
        BeforeWrite?.Invoke(write);
        var answer = await inner.WriteAsync(write, cancellationToken);
        AfterWrite?.Invoke(write);
        return answer;
    }

    public Task<SharedRow?> ReadAsync(SharedKey key, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _calls);
        return inner.ReadAsync(key, cancellationToken);
    }
}
