using System.Threading.Channels;

namespace Scheduler.Storage.Reads;

/// <summary>Gathers the reads of activations: what has arrived while the last batch was read is read together.</summary>
/// <remarks>Threading: safe for many callers; one loop. Limits: <see cref="BatchRows"/>, <see cref="WaitingLimit"/>.</remarks>
public sealed class ReadGatherer : IAsyncDisposable
{
    private const int BatchRows = 500;

    // Full: the caller waits. Activations are bounded by the calls that the edge admits.
    private const int WaitingLimit = 20_000;

    private readonly IReadBackend backend;
    private readonly Channel<ReadRequest> queue = Channel.CreateBounded<ReadRequest>(
        new BoundedChannelOptions(WaitingLimit) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Task loop;

    public ReadGatherer(IReadBackend backend, TaskScheduler scheduler)
    {
        this.backend = backend;
        loop = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();
    }

    public ValueTask<DebtorRow?> ReadAsync(DebtorKey key, CancellationToken cancellationToken = default)
    {
        var request = new ReadRequest(key);
        return queue.Writer.TryWrite(request) ? request.AnswerAsync : WaitAtDoorAsync(request, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
        await backend.DisposeAsync();
    }

    private async ValueTask<DebtorRow?> WaitAtDoorAsync(ReadRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await queue.Writer.WriteAsync(request, cancellationToken);
        }
        catch (ChannelClosedException closed)
        {
            throw new StorageUnavailableException("Storage is closing.", closed);
        }

        return await request.AnswerAsync;
    }

    private async Task RunAsync()
    {
        var batch = new ReadRequest[BatchRows];
        while (await queue.Reader.WaitToReadAsync())
        {
            var count = 0;
            while (count < batch.Length && queue.Reader.TryRead(out var request)) batch[count++] = request;
            await ReadBatchAsync(batch.AsMemory(0, count));
            Array.Clear(batch, 0, count);
        }
    }

    private async ValueTask ReadBatchAsync(ReadOnlyMemory<ReadRequest> batch)
    {
        try
        {
            await backend.ReadAsync(batch);
        }
        catch (Exception failure)
        {
            // The loop must outlive every failure: its callers hear of this one, the next batch is another try.
            foreach (var request in batch.Span) request.Fail(new StorageUnavailableException("A read failed: " + failure.Message, failure));
            return;
        }

        foreach (var request in batch.Span) request.Publish();
    }
}
