using System.Diagnostics;
using System.Threading.Channels;

namespace Scheduler.Storage.GroupCommit;

/// <summary>
/// Gathers concurrent writes and commits many debtors to a transaction; each caller resumes when its own row is durable. A lone write commits at once:
/// a group is whatever has arrived while the ones before were committing. As many commits are in flight as there are back ends, but a few rows alone do not
/// go beside another commit.
/// </summary>
/// <remarks>
/// Invariants: a key is once in a group and in one group in flight; nobody is answered while the outcome of his group is unknown. Threading: safe for
/// many callers; one loop. Limits: <see cref="GroupLimits"/>. See docs/storage.md.
/// </remarks>
public sealed class GroupCommitter : IAsyncDisposable
{
    private readonly GroupLimits limits;
    private readonly TimeProvider clock;
    private readonly GroupSlot[] slots;
    private readonly Channel<CommitRequest> queue;
    private readonly Task loop;

    // Writes whose key is in a group in flight or being formed, in order of arrival. Bounded: see Gather.
    private readonly List<CommitRequest> heldBack = [];

    // Keys that the group being formed has passed over: what comes later for them must not overtake.
    private readonly HashSet<string> passedOver = new(StringComparer.Ordinal);

    // Set while a few rows wait for a commit in flight: whoever adds to them sees whether they are enough.
    private volatile TaskCompletionSource? enough;

    /// <summary>The loop runs on <paramref name="scheduler"/>: a back end that blocks brings its own thread.</summary>
    public GroupCommitter(
        IGroupBackend backend, GroupLimits limits, TimeProvider clock, CommitMetrics metrics, TaskScheduler scheduler)
        : this([backend], limits, clock, metrics, scheduler)
    {
    }

    /// <param name="backends">One for each commit that may be in flight at once.</param>
    public GroupCommitter(
        IReadOnlyList<IGroupBackend> backends, GroupLimits limits, TimeProvider clock, CommitMetrics metrics, TaskScheduler scheduler)
    {
        this.limits = limits;
        this.clock = clock;
        slots = [.. backends.Select(backend => new GroupSlot(backend, limits, clock, metrics))];

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

    /// <summary>Takes no more writes, finishes those that wait, then closes the back ends.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
        foreach (var slot in slots) await slot.DisposeAsync();
    }

    private ValueTask<TAnswer> SendAsync<TAnswer>(CommitRequest<TAnswer> request, CancellationToken cancellationToken)
        where TAnswer : struct
    {
        request.QueuedAt = Stopwatch.GetTimestamp();
        if (!queue.Writer.TryWrite(request)) return WaitAtDoorAsync(request, cancellationToken);
        if (enough is { } few && queue.Reader.Count >= limits.RowsBeside) few.TrySetResult();
        return request.AnswerAsync;
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
        // One wait for arrivals at a time; it outlives a round that went on for another reason.
        Task<bool>? arrival = null;
        while (true)
        {
            if (FreeSlot() is not { } slot)
            {
                await Task.WhenAny(slots.Select(static busy => busy.Sending));
                continue;
            }

            if (IsTooFewBeside())
            {
                await WaitForMoreAsync();
                slot = FreeSlot()!;
            }

            var count = Gather(slot);
            if (count > 0)
            {
                slot.Send(count);

                // Under load nothing above waits: other work on a single-threaded scheduler gets its turn here.
                await Task.Yield();
                continue;
            }

            if (arrival is { IsCompletedSuccessfully: true } && await arrival) arrival = null;
            arrival ??= queue.Reader.WaitToReadAsync().AsTask();
            if (heldBack.Count == 0)
            {
                if (!await arrival) break;
            }
            else
            {
                // All that is held back waits for a commit in flight; arrivals may find room meanwhile, as far as the held-back list has some.
                var ends = slots.Select(static busy => busy.Sending).Where(static sending => !sending.IsCompleted);
                await Task.WhenAny(heldBack.Count < limits.Rows && !arrival.IsCompleted ? ends.Append(arrival) : ends.DefaultIfEmpty(Task.CompletedTask));
            }
        }

        await Task.WhenAll(slots.Select(static slot => slot.Sending));
    }

    private bool IsTooFewBeside() =>
        heldBack.Count + queue.Reader.Count is > 0 and var waiting && waiting < limits.RowsBeside && slots.Any(static slot => !slot.Sending.IsCompleted);

    /// <summary>Until a commit in flight ends, enough rows wait, or they have waited long enough.</summary>
    private async Task WaitForMoreAsync()
    {
        var more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var over = new CancellationTokenSource();
        enough = more;

        // Looked at again after it is known where to ring: what came between has not rung.
        if (IsTooFewBeside())
        {
            var ends = slots.Select(static busy => busy.Sending).Where(static sending => !sending.IsCompleted);
            await Task.WhenAny([.. ends, more.Task, Task.Delay(limits.WaitBeside, clock, over.Token)]);
        }

        enough = null;
        await over.CancelAsync();
    }

    private GroupSlot? FreeSlot()
    {
        GroupSlot? free = null;
        foreach (var slot in slots)
        {
            if (!slot.Sending.IsCompleted) continue;
            slot.Keys.Clear();
            free = slot;
        }

        return free;
    }

    private int Gather(GroupSlot slot)
    {
        passedOver.Clear();
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

        // False when the request must wait for a later group.
        bool TryPlace(CommitRequest request)
        {
            if (request.Deadline < now)
            {
                request.RefuseAsLate();
                request.Publish();
                return true;
            }

            if (!HasRoom(request) || passedOver.Contains(request.Key) || IsTouched(request))
            {
                passedOver.Add(request.Key);
                return false;
            }

            slot.Keys.AddRow(request.Key);
            if (slot.ChecksRowsTogether && request is DebtorCommit debtor) slot.Keys.AddLinks(debtor.Write);
            slot.Group[count++] = request;
            bytes += request.Bytes;
            return true;
        }
    }

    /// <summary>Whether a group in flight, or the one being formed, touches what the request touches.</summary>
    private bool IsTouched(CommitRequest request)
    {
        foreach (var slot in slots)
        {
            if (slot.Keys.HasRow(request.Key) || (request is DebtorCommit debtor && slot.Keys.HasSoleLinkOf(debtor.Write))) return true;
        }

        return false;
    }
}
