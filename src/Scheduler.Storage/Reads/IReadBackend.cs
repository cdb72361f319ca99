namespace Scheduler.Storage.Reads;

/// <summary>What a back end does with gathered reads: one round trip for many keys.</summary>
public interface IReadBackend : IAsyncDisposable
{
    /// <summary>Finds each request's row, or leaves it null. Throws <see cref="StorageUnavailableException"/> and nothing else.</summary>
    ValueTask ReadAsync(ReadOnlyMemory<ReadRequest> requests);
}
