using System.Diagnostics;
using System.Threading.Channels;

namespace Scheduler.Storage.GroupCommit;

/// <summary>
/// Gathers concurrent writes and commits many debtors to a transaction; each caller resumes when its own row is durable. A lone write commits at once:
/// a group is whatever has arrived while the last one was committing.
/// </summary>
/// <remarks>
/// Invariants: a group holds each key once; nobody is answered while the outcome of his group is unknown. Threading: safe for many callers; one loop.
/// Limits: <see cref="GroupLimits"/>. See docs/storage.md.
/// </remarks>
public sealed class GroupCommitter : IAsyncDisposable
{
    private readonly GroupLimits limits;
    private readonly TimeProvider clock;
    private readonly CommitMetrics metrics;
    private readonly GroupSender sender;
    private readonly IGroupBackend backend;
    private readonly Channel<CommitRequest> queue;
    private readonly Task loop;

    // Second writes of a key that is in the group being formed, in order of arrival. Bounded: see Gather.
    private readonly List<CommitRequest> heldBack = [];
    private readonly HashSet<string> keysInGroup = new(StringComparer.Ordinal);

    /// <summary>The loop runs on <paramref name="scheduler"/>: a back end that blocks brings its own thread.</summary>
    public GroupCommitter(
        IGroupBackend backend, GroupLimits limits, TimeProvider clock, CommitMetrics metrics, TaskScheduler scheduler)
    {
        this.backend = backend;
        this.limits = limits;
        this.clock = clock;
        this.metrics = metrics;
        sender = new GroupSender(backend, limits, clock, metrics);

        // Full: the caller waits at the door, and the pressure goes up to the edge, which admits a bounded number of entries.
        queue = Channel.CreateBounded<CommitRequest>(
            new BoundedChannelOptions(limits.Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        metrics.ObserveQueueLength(() => queue.Reader.Count);
        loop = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();
    }

    public ValueTask<WriteAnswer> WriteAsync(DebtorWrite write, CancellationToken cancellationToken = default) =>
        RowLimits.Admit(write) ? SendAsync(new DebtorCommit(write), cancellationToken) : new(new WriteAnswer(WriteAnswerKind.TooLarge));

    public ValueTask<PullAnswer> AddPullAsync(PullRow pull, CancellationToken cancellationToken = default) =>
        RowLimits.Admit(pull) ? SendAsync(new PullCommit(pull), cancellationToken) : new(PullAnswer.TooLarge);

    public ValueTask<WriteAnswer> WriteAsync(SharedWrite write, CancellationToken cancellationToken = default) =>
        RowLimits.Admit(write) ? SendAsync(new SharedCommit(write), cancellationToken) : new(new WriteAnswer(WriteAnswerKind.TooLarge));

    /// <summary>Takes no more writes, finishes those that wait, then closes the back end.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
        await backend.DisposeAsync();
    }

    private ValueTask<TAnswer> SendAsync<TAnswer>(CommitRequest<TAnswer> request, CancellationToken cancellationToken)
        where TAnswer : struct
    {
        request.QueuedAt = Stopwatch.GetTimestamp();
        return queue.Writer.TryWrite(request) ? request.AnswerAsync : WaitAtDoorAsync(request, cancellationToken);
    }

    private async ValueTask<TAnswer> WaitAtDoorAsync<TAnswer>(CommitRequest<TAnswer> request, CancellationToken cancellationToken)
        where TAnswer : struct
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
        var group = new CommitRequest[limits.Rows];
        while (heldBack.Count > 0 || await queue.Reader.WaitToReadAsync())
        {
            var count = Gather(group);
            if (count == 0) continue;
            Array.Sort(group, 0, count, CommitOrder.Instance);
            var sentAt = Stopwatch.GetTimestamp();
            metrics.GroupSent(group.AsSpan(0, count), sentAt);
            await sender.SendAsync(group.AsMemory(0, count));
            metrics.GroupAnswered(sentAt);
            Array.Clear(group, 0, count);

            // Under load nothing above waits: other work on a single-threaded scheduler gets its turn here.
            await Task.Yield();
        }
    }

    private int Gather(CommitRequest[] group)
    {
        keysInGroup.Clear();
        var count = 0;
        var bytes = 0;
        var now = clock.GetUtcNow();

        var kept = 0;
        for (var i = 0; i < heldBack.Count; i++)
        {
            var request = heldBack[i];
            if (!TryPlace(request)) heldBack[kept++] = request;
        }

        heldBack.RemoveRange(kept, heldBack.Count - kept);

        // At most a group of held-back writes: a flood of one key must not carry the whole queue past its bound.
        while (heldBack.Count < limits.Rows && queue.Reader.TryPeek(out var next) && HasRoom(next))
        {
            queue.Reader.TryRead(out _);
            if (!TryPlace(next)) heldBack.Add(next);
        }

        return count;

        bool HasRoom(CommitRequest request) => count == 0 || (count < limits.Rows && bytes + request.Bytes <= limits.Bytes);

        // False when the request must wait for the next group.
        bool TryPlace(CommitRequest request)
        {
            if (request.Deadline < now)
            {
                request.RefuseAsLate();
                request.Publish();
                return true;
            }

            if (!HasRoom(request) || !keysInGroup.Add(request.Key)) return false;
            group[count++] = request;
            bytes += request.Bytes;
            return true;
        }
    }
}
